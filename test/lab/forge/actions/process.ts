import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Command } from './isolation.ts';

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Aborting kills the process and all that it started. */
  readonly signal: AbortSignal;
}

/** Runs a command to its end, each line of its output as it comes. The exit code, 128 + n for signal n; 137 when killed by `signal`. */
export async function runProcess({ command, args }: Command, options: ProcessOptions): Promise<number> {
  const { cwd, env, onLine, signal } = options;
  if (signal.aborted) return 137;
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => killGroup(child.pid);
  signal.addEventListener('abort', kill, { once: true });
  process.once('exit', kill);
  const lines = [child.stdout, child.stderr].map((stream) => createInterface(stream).on('line', onLine));
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => {
        kill();
        const end = (): void => resolve(code ?? 137);
        // What left the process group may hold the pipes open for ever.
        child.once('close', end);
        setTimeout(end, 1000).unref();
      });
    });
  } finally {
    signal.removeEventListener('abort', kill);
    process.removeListener('exit', kill);
    for (const reader of lines) reader.close();
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
