export interface StackFrame {
  readonly language: 'JavaScript' | 'Python' | 'Java' | 'Go';
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

interface Reader {
  readonly language: StackFrame['language'];
  /** With groups `function`, `file` and `line`. */
  readonly frame: RegExp;
  /** Files and functions of the runtime and of dependencies. */
  readonly foreign: RegExp;
  /** True where the frame that failed is the last one. */
  readonly innermostLast: boolean;
}

const readers: readonly Reader[] = [
  {
    language: 'JavaScript',
    frame:
      /^\s*at (?:async )?(?:(?<function>[^\s(]+(?: \[as [^\]]+\])?) \()?(?:file:\/\/)?(?<file>[^()\s]+?):(?<line>\d+):\d+\)?\s*$/gm,
    foreign: /node_modules\/|^node:|^internal\/|^native$|<anonymous>/,
    innermostLast: false,
  },
  {
    language: 'Python',
    frame: /^\s*File "(?<file>[^"]+)", line (?<line>\d+), in (?<function>\S+)/gm,
    foreign: /site-packages|dist-packages|\/lib\/python\d|^</,
    innermostLast: true,
  },
  {
    language: 'Java',
    frame: /^\s*at (?<function>[\w.$]+(?:<init>|<clinit>)?)\((?<file>\w+\.(?:java|kt|scala)):(?<line>\d+)\)/gm,
    foreign:
      /^(?:java|javax|jdk|sun|com\.sun|kotlin|scala|org\.springframework|org\.apache|io\.netty|org\.hibernate)\./,
    innermostLast: false,
  },
  {
    language: 'Go',
    frame: /^(?<function>[\w./*()-]+)\(.*\)\n\t(?<file>\S+\.go):(?<line>\d+)/gm,
    foreign: /\/go\/src\/|\/pkg\/mod\/|^runtime/,
    innermostLast: false,
  },
];

/** The frame nearest to the failure that is the user's own code; undefined where the text holds no trace or none of theirs. */
export function topUserFrame(text: string): StackFrame | undefined {
  for (const reader of readers) {
    const frames = [...text.matchAll(reader.frame)].map(({ groups = {} }) => ({
      language: reader.language,
      function: groups['function'] ?? '<anonymous>',
      file: groups['file'] ?? '',
      line: Number(groups['line']),
    }));
    const own = frames.filter((frame) => !reader.foreign.test(frame.file) && !foreignFunction(reader, frame));
    const top = reader.innermostLast ? own.at(-1) : own[0];
    if (top !== undefined) return top;
  }
  return undefined;
}

/** Java's packages and Go's runtime are told by the function, not by the file. */
function foreignFunction(reader: Reader, frame: StackFrame): boolean {
  return (reader.language === 'Java' || reader.language === 'Go') && reader.foreign.test(frame.function);
}
