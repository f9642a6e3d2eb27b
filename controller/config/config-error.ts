/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /** JSON pointer of the field, `/allow/cidrs/0`; empty for the file as a whole. */
  readonly pointer: string;
  /** Line in the file, from 1, as far as it can be told. */
  readonly line?: number;
  readonly message: string;
}

/** The configuration cannot be used. All that is wrong is said at once. */
export class ConfigError extends Error {
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[], options?: ErrorOptions) {
    super(problems.map((problem) => describe(file, problem)).join('\n'), options);
    this.name = 'ConfigError';
    this.file = file;
    this.problems = problems;
  }
}

function describe(file: string, { pointer, line, message }: ConfigProblem): string {
  const where = line === undefined ? file : `${file}:${line}`;
  return pointer === '' ? `${where}: ${message}` : `${where}: ${pointer} ${message}`;
}
