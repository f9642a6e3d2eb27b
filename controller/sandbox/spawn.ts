import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Writable } from 'node:stream';
import { bubblewrapCommand, environmentArguments, type Machine } from './bubblewrap.ts';
import type { Cgroup } from './cgroup.ts';
import type { StartRequest } from './sandbox.ts';

/** Joins the group before anything of the command runs, so that nothing of it is ever outside. */
const joinAndRun = 'while [ "$1" != -- ]; do echo "$$" > "$1" || exit 125; shift; done; shift; exec "$@"';

export interface SpawnOptions {
  readonly cgroup: Cgroup;
  readonly machine: Machine;
  /** What bubblewrap itself needs. */
  readonly bwrapEnv: Readonly<Record<string, string>>;
  /** Standard input, output and error. */
  readonly stdio: readonly ['pipe' | 'ignore', 'pipe', 'pipe' | 'ignore'];
}

/**
 * Starts the command of a request. Its environment goes to bubblewrap on a descriptor of its own: everybody on the machine may read
 * the arguments of a process, and bubblewrap's own environment would hold for what runs outside.
 */
export function spawnIn({ cgroup, machine, bwrapEnv, stdio }: SpawnOptions, request: StartRequest): ChildProcess {
  const environment = environmentArguments(request);
  const args = ['-c', joinAndRun, 'sh', ...cgroup.procs, '--', ...bubblewrapCommand(machine, request)];
  const options = { cwd: '/', env: { ...bwrapEnv }, detached: true };
  const child = spawn('/bin/sh', args, { ...options, stdio: [...stdio, 'pipe'] });
  const descriptor = child.stdio[3] as Writable;
  // What ends before it has read this tells why by its exit code.
  descriptor.on('error', () => undefined).end(environment);
  return child;
}

/** bubblewrap's own end takes the whole pid namespace with it. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The exit code; 128 + signal number for what was killed. */
export function exited(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
