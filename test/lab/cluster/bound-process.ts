import { spawn, spawnSync } from 'node:child_process';
import { start, type Running, type StartOptions } from '../parts/process.ts';

/**
 * Starts a program that does not outlive this process, however this process ends (SIGKILL too). On Linux the kernel sees to it,
 * by `setpriv --pdeathsig`; elsewhere a shell waits for a pipe that closes when we are gone. Call it from the main thread: the
 * kernel's parent is the thread that forked.
 */
export async function startBound(command: string, args: readonly string[], options: StartOptions): Promise<Running> {
  if (hasDeathSignal()) return start('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], options);
  const running = await start(command, args, options);
  guard(running);
  return running;
}

let deathSignal: boolean | undefined;

/** Busybox has a setpriv without this option, so its presence alone says nothing. */
function hasDeathSignal(): boolean {
  deathSignal ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', '--', 'true']).status === 0;
  return deathSignal;
}

/** Kills the program's process group when our end of the pipe closes. Stands down first when the program ends by itself. */
export function guard(running: Running): void {
  const script = 'read -r line || kill -s KILL -- "-$1"';
  const shell = spawn('sh', ['-c', script, 'guard', String(running.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  shell.stdin.on('error', () => shell.kill());
  void running.exited.then(() => shell.stdin.end('ended\n'));
}
