import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that could not be started (`code` is undefined) or that ended with a code other than 0. */
export class RunFailed extends Error {
  readonly code: number | undefined;
  /** The last lines of standard error. */
  readonly tail: string;

  constructor(command: string, code: number | undefined, tail: string, options?: ErrorOptions) {
    const how = code === undefined ? 'could not be started' : `ended with code ${code}`;
    super(`${command} ${how}${tail === '' ? '' : `: ${tail}`}`, options);
    this.name = 'RunFailed';
    this.code = code;
    this.tail = tail;
  }
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Each line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

const tailLines = 12;

/** Runs a program to its end and answers its standard output; throws `RunFailed`, or the signal's reason when aborted. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { signal, onLine, ...rest } = options;
  signal.throwIfAborted();
  const child = spawn(command, args, { ...rest, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  const errors: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    output.push(line);
    onLine?.(line);
  });
  createInterface(child.stderr).on('line', (line) => {
    errors.push(line);
    if (errors.length > tailLines) errors.shift();
  });
  const code = await new Promise<number | undefined>((resolve, reject) => {
    child.once('error', (cause) => reject(new RunFailed(command, undefined, '', { cause })));
    child.once('close', (status) => resolve(status ?? 1));
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
  if (code !== 0) throw new RunFailed([command, ...args].join(' '), code, errors.join('\n'));
  return output.join('\n');
}

/** The same, but a failure of the program answers undefined. */
export async function runIfPossible(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<string | undefined> {
  try {
    return await run(command, args, options);
  } catch (error) {
    if (error instanceof RunFailed) return undefined;
    throw error;
  }
}
