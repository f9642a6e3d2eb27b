import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { usageOf, type Usage } from './process-usage.ts';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** One contestant's run, from the line that begins it to its word that all is done. */
export interface Lap {
  readonly seconds: number;
  /** Of its own process, in that time. */
  readonly cpuSeconds: number;
  /** Resident memory of its process at the end. */
  readonly rssMiB: number;
}

export interface Contestant {
  /** Lets it begin; resolves when it is done. */
  run(): Promise<Lap>;
  /** Ends its process. */
  stop(): Promise<void>;
}

/** The contestant's process ended before it said what was waited for. */
export class ContestantEnded extends Error {
  constructor(what: string, output: readonly string[]) {
    super(`it ended before it was ${what}:\n${output.join('\n')}`);
    this.name = 'ContestantEnded';
  }
}

const outputLines = 20;

/** Starts a program that speaks as `gate.ts` says, and resolves when it is ready. */
export async function startContestant({ command, args }: Program, signal: AbortSignal): Promise<Contestant> {
  signal.throwIfAborted();
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const words = listen(child);
  const stop = once(() => stopped(child, words.exited));
  const onAbort = (): void => void stop();
  signal.addEventListener('abort', onAbort, { once: true });
  const until = async (word: Word): Promise<void> => {
    await Promise.race([words.said(word), words.exited]).catch((cause: unknown) => fail(cause, signal));
    signal.throwIfAborted();
    if (!words.heard(word)) throw new ContestantEnded(word, words.output);
  };
  try {
    await until('ready');
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    run: () => measured(child, () => until('done')),
    async stop() {
      signal.removeEventListener('abort', onAbort);
      await stop();
    },
  };
}

type Word = 'ready' | 'done';

function fail(cause: unknown, signal: AbortSignal): never {
  signal.throwIfAborted();
  throw cause;
}

async function measured(child: ChildProcess, done: () => Promise<void>): Promise<Lap> {
  const pid = child.pid ?? 0;
  const before = usageOf(pid);
  const began = performance.now();
  child.stdin?.write('begin\n');
  await done();
  const seconds = (performance.now() - began) / 1000;
  const after: Usage = usageOf(pid);
  return { seconds, cpuSeconds: after.cpuSeconds - before.cpuSeconds, rssMiB: after.rssMiB };
}

interface Words {
  said(word: Word): Promise<void>;
  heard(word: Word): boolean;
  /** The last lines that were no word of the protocol. */
  readonly output: readonly string[];
  /** Rejects when it could not be started. */
  readonly exited: Promise<void>;
}

function listen(child: ChildProcess): Words {
  const heard = new Set<string>();
  const waiting = { ready: Promise.withResolvers<void>(), done: Promise.withResolvers<void>() };
  const output: string[] = [];
  const onLine = (line: string): void => {
    if (line === 'ready' || line === 'done') {
      heard.add(line);
      waiting[line].resolve();
    } else output.push(line);
    if (output.length > outputLines) output.shift();
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface(stream).on('line', onLine);
  }
  const exited = new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
  return { said: (word) => waiting[word].promise, heard: (word) => heard.has(word), output, exited };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => (begun ??= work());
}

/** The end of its standard input ends it; a signal does where that is not heard. */
async function stopped(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.stdin?.on('error', () => undefined);
  child.stdin?.end();
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exited.catch(() => undefined);
  clearTimeout(late);
}
