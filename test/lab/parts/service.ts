import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PartUnavailable } from './part.ts';
import { start, type Running } from './process.ts';

export interface ServiceOptions {
  /** Names the log file `<dataDir>/<name>.log`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly dataDir: string;
  readonly signal: AbortSignal;
  /** More arguments of setpriv, such as another uid. */
  readonly privileges?: readonly string[];
  /** What makes it end at once and in order (PostgreSQL: SIGINT). */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  /** True as soon as it answers. */
  readonly ready: () => Promise<boolean>;
  readonly timeoutMs?: number;
}

export interface Service {
  readonly pid: number;
  readonly logFile: string;
  /** Resolves with the exit code when it is gone. */
  readonly exited: Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts a server that dies with this process (the kernel sends it `stopSignal` when the thread that started it ends, however that
 * happens), and waits until it answers. When it ends early or never answers, the error carries the end of its log.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { name, dataDir, signal, stopSignal = 'SIGTERM' } = options;
  signal.throwIfAborted();
  mkdirSync(dataDir, { recursive: true });
  const logFile = join(dataDir, `${name}.log`);
  const running = await tied(options, logFile, stopSignal);
  const stop = once(() => end(running, stopSignal));
  signal.addEventListener('abort', () => void stop(), { once: true });
  try {
    await waitUntilReady(options, running, logFile);
    signal.throwIfAborted();
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: running.pid, logFile, exited: running.exited, stop };
}

async function tied(options: ServiceOptions, logFile: string, stopSignal: string): Promise<Running> {
  const { command, args, env, privileges = [] } = options;
  const whenParentDies = ['--pdeathsig', stopSignal.replace('SIG', '')];
  try {
    return await start('setpriv', [...privileges, ...whenParentDies, '--', command, ...args], {
      logFile,
      ...(env === undefined ? {} : { env }),
    });
  } catch (cause) {
    throw new PartUnavailable('setpriv is missing: install the package util-linux', { cause });
  }
}

async function end(running: Running, stopSignal: NodeJS.Signals): Promise<void> {
  if (running.child.exitCode === null) running.child.kill(stopSignal);
  if (stopSignal !== 'SIGTERM') await Promise.race([running.exited, delay(5000, undefined, { ref: false })]);
  await running.stop();
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

async function waitUntilReady(options: ServiceOptions, running: Running, logFile: string): Promise<void> {
  const { name, signal, ready, timeoutMs = 60_000 } = options;
  const deadline = performance.now() + timeoutMs;
  const early = running.exited.then((code) => `${name} ended with code ${code} before it answered`);
  while (!signal.aborted) {
    const ended = await Promise.race([early, ready().then((yes) => (yes ? 'ready' : undefined))]);
    if (ended === 'ready') return;
    const late = performance.now() > deadline ? `${name} did not answer within ${timeoutMs} ms` : undefined;
    const failure = ended ?? late;
    if (failure !== undefined) throw new PartUnavailable(`${failure}; the end of ${logFile}:\n${endOf(logFile)}`);
    await delay(50);
  }
  signal.throwIfAborted();
}

function endOf(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-15).join('\n');
}
