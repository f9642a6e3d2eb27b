import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { findExecutable, isOpenToOthers } from './executable.ts';

/** nobody and nogroup. */
const nobody = '65534';

const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';
const setpriv = findExecutable('setpriv', systemPath, '/');

/** Joins the cgroup whose procs file is $0 and becomes the rest: the program itself never runs without its limit. */
const joinThenBecome = 'echo $$ > "$0" && unset PWD && exec "$@"';

export interface Launch {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly procsFile: string | undefined;
}

export type LaunchedProcess = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Starts a program in a session of its own, in its cgroup, killed by the kernel when the thread that started it ends; as nobody when we
 * are root and nobody may read the program and its folder, which a folder below /root does not allow.
 */
export function launch({ command, cwd, env, procsFile }: Launch): LaunchedProcess {
  const privileged = [...privileges(command, cwd, env), ...command];
  const all = procsFile === undefined ? privileged : ['/bin/sh', '-c', joinThenBecome, procsFile, ...privileged];
  const [program = '', ...args] = all;
  return spawn(program, args, { cwd, env: { ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}

function privileges(command: readonly string[], cwd: string, env: Launch['env']): string[] {
  if (setpriv === undefined) return [];
  const asNobody = process.getuid?.() === 0 && nobodyMayRun(command, cwd, env) ? dropPrivileges : [];
  return [setpriv, '--pdeathsig', 'KILL', '--no-new-privs', ...asNobody, '--'];
}

const dropPrivileges = [
  '--reuid',
  nobody,
  '--regid',
  nobody,
  '--clear-groups',
  '--inh-caps=-all',
  '--bounding-set=-all',
];

function nobodyMayRun([program = '']: readonly string[], cwd: string, env: Launch['env']): boolean {
  const file = findExecutable(program, env['PATH'] ?? '', cwd);
  return isOpenToOthers(cwd) && file !== undefined && isOpenToOthers(file);
}
