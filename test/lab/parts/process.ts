import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A child process of the lab, the leader of its own process group, so that stopping it takes its children along. */
export interface Running {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Resolves with the exit code (or 128 + signal number) when the process is gone. */
  readonly exited: Promise<number>;
  /** SIGTERM to the group, SIGKILL after `graceMs`; resolves when it is gone. */
  stop(graceMs?: number): Promise<void>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Standard output and error are appended here; discarded without it. */
  readonly logFile?: string;
  readonly uid?: number;
  readonly gid?: number;
}

const signals: Record<string, number> = { SIGKILL: 9, SIGTERM: 15, SIGINT: 2, SIGSEGV: 11, SIGABRT: 6 };

/** Starts a program; throws when it cannot be started at all. */
export async function start(command: string, args: readonly string[], options: StartOptions = {}): Promise<Running> {
  const { logFile, ...rest } = options;
  // Opened at once: its folder may be gone by the time a stream opens it by itself.
  const log = logFile === undefined ? undefined : createWriteStream(logFile, { fd: openSync(logFile, 'a') });
  const child = spawn(command, args, { ...rest, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    if (log === undefined) stream.resume();
    else stream.pipe(log, { end: false });
  }
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} has no process id`);
  const exited = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signals[signal ?? ''] ?? 0)));
  });
  // Output still comes after 'exit'; only 'close' says that there is no more, and a write after end() would throw.
  child.once('close', () => log?.end());
  return { pid, child, exited, stop: (graceMs = 5000) => stopGroup(pid, exited, graceMs) };
}

async function stopGroup(pid: number, exited: Promise<number>, graceMs: number): Promise<void> {
  killGroup(pid, 'SIGTERM');
  const late = new AbortController();
  const timer = delay(graceMs, undefined, { signal: late.signal }).then(
    () => killGroup(pid, 'SIGKILL'),
    () => undefined,
  );
  await exited;
  late.abort();
  await timer;
  killGroup(pid, 'SIGKILL');
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A loopback TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** Polls until `check` answers something other than undefined; throws after `timeoutMs`, naming what was waited for. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined>,
  timeoutMs = 20_000,
  everyMs = 100,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined) return value;
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await delay(everyMs);
  }
}
