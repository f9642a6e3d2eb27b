import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onPath } from '../../parts/on-path.ts';

export interface IsolationOptions {
  /** Path of bubblewrap; `false` to do without it. Looked for on PATH by default. */
  readonly bwrap?: string | false;
  /** Holds the folders of all jobs. */
  readonly workFolder: string;
  /** What the steps may read beside the system's own folders, such as a folder of modules. */
  readonly readOnlyPaths: readonly string[];
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** How the steps of a job are kept apart from the machine. */
export interface Isolation {
  /** For the log of each job. */
  readonly description: string;
  /** Owner of the job's folder; undefined where the forge cannot give files away. */
  readonly uid: number | undefined;
  /** The command that runs `argv` in `cwd` with nothing writable but `folder`. */
  wrap(argv: readonly string[], folder: string, cwd: string): Command;
}

const nobody = 65_534;

/** May read what only root may: the checkout or the data may lie under a home folder that nobody else may enter. */
const readAll = ['--inh-caps=-all,+dac_read_search', '--ambient-caps=+dac_read_search'];

const dropToNobody = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--no-new-privs'];

const noCapabilities = ['--inh-caps=-all'];

/** After a change of uid it must be asked for again: the kernel forgets it. */
const diesWithParent = '--pdeathsig=KILL';

/** Where node and npm are, if npm is not the system's: it lies in `PREFIX/lib` beside `PREFIX/bin`. */
function toolFolders(): string[] {
  const npm = onPath('npm');
  return [dirname(process.execPath), ...(npm === undefined ? [] : [dirname(dirname(npm))])];
}

/** The search path of steps: the node that runs the forge goes first. */
export function stepPath(): string {
  const npm = onPath('npm');
  const system = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return [...new Set([dirname(process.execPath), ...system, ...(npm === undefined ? [] : [dirname(npm)])])].join(':');
}

/**
 * Bubblewrap where it works; else, where we are root, another uid in a process namespace of its own; else as much of that as the
 * machine allows. All that a step started dies with the forge, even a killed one; as the same user only the step's shell does.
 */
export async function chooseIsolation(options: IsolationOptions, signal: AbortSignal): Promise<Isolation> {
  const root = process.getuid?.() === 0;
  const setpriv = onPath('setpriv');
  const candidates = [
    ...bubblewraps(options, root ? setpriv : undefined),
    ...(root && setpriv !== undefined ? otherUsers(setpriv, onPath('unshare')) : []),
    sameUser(setpriv),
  ];
  for (const candidate of candidates) if (await canRunNode(candidate, options.workFolder, signal)) return candidate;
  throw new Error('the steps of a workflow cannot run node in any way on this machine');
}

function bubblewraps({ bwrap, readOnlyPaths }: IsolationOptions, setpriv: string | undefined): Isolation[] {
  const path = bwrap === false ? undefined : (bwrap ?? onPath('bwrap'));
  if (path === undefined) return [];
  const drop = setpriv === undefined ? [] : [setpriv, ...dropToNobody, ...noCapabilities, '--'];
  return [
    {
      description: `bubblewrap, ${setpriv === undefined ? 'same uid' : `uid ${nobody}`}, the network of the host`,
      uid: setpriv === undefined ? undefined : nobody,
      wrap: (argv, folder, cwd) => ({
        command: path,
        args: [...mounts(readOnlyPaths, folder), '--chdir', cwd, '--', ...drop, ...argv],
      }),
    },
  ];
}

function mounts(readOnlyPaths: readonly string[], folder: string): string[] {
  const system = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/etc', '/opt'];
  const readable = [...system, ...toolFolders(), ...readOnlyPaths];
  return [
    '--die-with-parent',
    '--new-session',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--perms',
    '1777',
    '--tmpfs',
    '/tmp',
    ...[...readable, folder].flatMap(ancestors).flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...readable.flatMap((path) => ['--ro-bind-try', path, path]),
    '--bind',
    folder,
    folder,
  ];
}

/** The folders above a path: bubblewrap would make them for root alone. */
function ancestors(path: string): string[] {
  const above = dirname(path);
  return above === path || above === '/' ? [] : [...ancestors(above), above];
}

function otherUsers(setpriv: string, unshare: string | undefined): Isolation[] {
  const namespaced =
    unshare === undefined ? [] : [noCapabilities, readAll].map((set) => otherUser(setpriv, set, unshare));
  return [...namespaced, otherUser(setpriv, noCapabilities), otherUser(setpriv, readAll)];
}

/** In a process namespace of its own, all that a step started ends with it; without one, what leaves its process group stays. */
function otherUser(setpriv: string, capabilities: readonly string[], unshare?: string): Isolation {
  const dropped = [setpriv, ...dropToNobody, ...capabilities, diesWithParent, '--'];
  const namespace = ['--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--'];
  const outer = unshare === undefined ? [] : [setpriv, diesWithParent, '--', unshare, ...namespace];
  const where = unshare === undefined ? 'plain process' : 'process namespace';
  return {
    description: `no bubblewrap: ${where}, uid ${nobody}`,
    uid: nobody,
    wrap: (argv) => commandOf([...outer, ...dropped, ...argv]),
  };
}

function commandOf([command = '', ...args]: readonly string[]): Command {
  return { command, args };
}

function sameUser(setpriv: string | undefined): Isolation {
  return {
    description: 'no bubblewrap: plain process, same uid as the forge',
    uid: undefined,
    wrap: (argv) => commandOf(setpriv === undefined ? argv : [setpriv, diesWithParent, '--', ...argv]),
  };
}

/** Tries it out: node must start, in a folder like a job's, and be able to read it. */
async function canRunNode(isolation: Isolation, workFolder: string, signal: AbortSignal): Promise<boolean> {
  const folder = join(workFolder, 'trial');
  mkdirSync(folder, { recursive: true });
  const trial = [process.execPath, '--eval', 'require("node:fs").readdirSync(".")'];
  const { command, args } = isolation.wrap(trial, folder, folder);
  const child = spawn(command, args, { stdio: 'ignore', cwd: folder, signal });
  return new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false)).once('exit', (code) => resolve(code === 0));
  });
}
