import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import type { Writable } from 'node:stream';
import { bubblewrapCommand, environmentArguments, type Machine } from './bubblewrap.ts';
import type { Cgroup } from './cgroup.ts';
import { inheritedDescriptors } from './inherited.ts';
import { SandboxError, usualDiskMiB, type StartRequest } from './sandbox.ts';
import { seccompFilter } from './seccomp.ts';

/**
 * Joins the group before anything of the command runs, so that nothing of it is ever outside. No core is dumped, which the machine would
 * have handled by a program of its own, and no file is larger than all may be together (in blocks of 512 bytes).
 */
const joinAndRun =
  'while [ "$1" != -- ]; do echo "$$" > "$1" || exit 125; shift; done; ulimit -c 0 && ulimit -f "$2" || exit 125; shift 2; exec "$@"';

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
  const filter = seccompFilter();
  if (filter === undefined)
    throw new SandboxError({ obstacle: 'NotLinux', reason: `no system calls are known of ${process.arch}` });
  const blocks = String((request.diskMiB ?? usualDiskMiB) * 2048);
  const args = ['-c', joinAndRun, 'sh', ...cgroup.procs, '--', blocks, ...bubblewrapCommand(machine, request)];
  const options = { cwd: '/', env: { ...bwrapEnv }, detached: true };
  const nothing = openSync('/dev/null', 'r');
  const child = spawn('/bin/sh', args, { ...options, stdio: over([...stdio, 'pipe', 'pipe'], nothing) });
  closeSync(nothing);
  const [, , , onThree, onFour] = child.stdio;
  // What ends before it has read these tells why by its exit code.
  (onThree as Writable).on('error', () => undefined).end(environment);
  (onFour as Writable).on('error', () => undefined).end(filter);
  return child;
}

/** What it would inherit is covered by a descriptor of nothing. */
function over(stdio: readonly ('pipe' | 'ignore')[], nothing: number): StdioOptions {
  const covered: ('pipe' | 'ignore' | number)[] = [...stdio];
  for (const descriptor of inheritedDescriptors()) {
    if (descriptor < stdio.length) continue;
    while (covered.length < descriptor) covered.push('ignore');
    covered[descriptor] = nothing;
  }
  return covered;
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
