import { lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StartRequest } from './sandbox.ts';

/** What bubblewrap needs to know of the machine. */
export interface Machine {
  readonly bwrap: string;
  /** The user inside, when we are root and can choose. */
  readonly uid: number;
  readonly isRoot: boolean;
  /** Of the node that commands find first on their PATH. */
  readonly nodePath: string;
  readonly setpriv: string;
}

/** Where commands see their folder, and our node. */
export const workspace = '/workspace';
const nodeFolder = '/opt/threehops-node';

/** How names are found, for a command that has the machine's network. */
const names = ['resolv.conf', 'hosts'];

/** Single files of /etc that programs fail without; the folder itself is not shown. */
const etc = [
  'passwd',
  'group',
  'nsswitch.conf',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'alternatives',
  'localtime',
  'ssl/certs',
  'ssl/openssl.cnf',
];

/**
 * The argument vector that runs a command with nothing of the machine but its programs: namespaces of its own (no network), a
 * read-only root, its own /tmp and /proc, no capabilities, no way to gain any, and of an environment only `environmentArguments`.
 */
export function bubblewrapCommand(machine: Machine, request: StartRequest): readonly string[] {
  const { bwrap, isRoot } = machine;
  return [
    bwrap,
    '--die-with-parent',
    '--new-session',
    ...(isRoot ? rootNamespaces : ['--unshare-all', '--cap-drop', 'ALL']),
    ...networkOf(request, isRoot),
    ...system(),
    ...['/etc/ssl', '/opt'].flatMap(openFolder),
    ...[...etc, ...(request.network === 'Host' ? names : [])].flatMap((path) => [
      '--ro-bind-try',
      `/etc/${path}`,
      `/etc/${path}`,
    ]),
    ...ownFolders,
    '--ro-bind',
    dirname(machine.nodePath),
    nodeFolder,
    ...(request.readOnly ?? []).flatMap(({ from, to }) => [...openFolder(dirname(to)), '--ro-bind', from, to]),
    '--bind',
    request.workdir,
    workspace,
    '--chdir',
    workspace,
    '--remount-ro',
    '/',
    '--clearenv',
    '--args',
    '3',
    '--seccomp',
    '4',
    '--',
    ...(isRoot ? dropRoot(machine) : []),
    ...request.command,
  ];
}

/** Folders that bubblewrap makes by itself for what is below them are closed to everybody but root. */
function openFolder(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.flatMap((_, index) => ['--perms', '0755', '--dir', `/${parts.slice(0, index + 1).join('/')}`]);
}

const ownFolders = [
  ['--proc', '/proc'],
  ['--dev', '/dev'],
  ['--perms', '1777', '--tmpfs', '/tmp'],
  ['--perms', '1777', '--tmpfs', '/dev/shm'],
].flat();

/**
 * As root we need no user namespace, which some machines forbid: the command starts with the one right to become somebody else, and
 * becomes a user who owns nothing but its folder.
 */
const rootNamespaces = [
  '--unshare-ipc',
  '--unshare-pid',
  '--unshare-uts',
  '--unshare-cgroup-try',
  '--cap-drop',
  'ALL',
  '--cap-add',
  'CAP_SETUID',
  '--cap-add',
  'CAP_SETGID',
  '--cap-add',
  'CAP_SETPCAP',
];

function networkOf({ network }: StartRequest, isRoot: boolean): readonly string[] {
  if (network === 'None') return isRoot ? ['--unshare-net'] : [];
  return isRoot ? [] : ['--share-net'];
}

function dropRoot({ setpriv, uid }: Machine): readonly string[] {
  const ids = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  return [setpriv, ...ids, '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs', '--'];
}

/** /usr, and the folders that are links into it on most machines. */
function system(): readonly string[] {
  return [
    '--ro-bind',
    '/usr',
    '/usr',
    ...['bin', 'sbin', 'lib', 'lib32', 'lib64'].flatMap((name) => systemFolder(`/${name}`)),
  ];
}

function systemFolder(path: string): readonly string[] {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? ['--symlink', readlinkSync(path), path] : ['--ro-bind-try', path, path];
}

/**
 * The arguments that set the environment, as bubblewrap reads them on descriptor 3: each ends with a NUL.
 * @throws RangeError for a variable that would end early and be followed by arguments of its own.
 */
export function environmentArguments({ env }: StartRequest): string {
  const all = {
    LANG: 'C.UTF-8',
    ...env,
    PATH: `${nodeFolder}:/usr/local/bin:/usr/bin:/bin`,
    HOME: '/tmp',
    TMPDIR: '/tmp',
  };
  const words = Object.entries(all).flatMap(([name, value]) => {
    if (`${name}${value}`.includes('\0')) throw new RangeError(`the variable ${name} holds a NUL`);
    return ['--setenv', name, value];
  });
  return words.map((word) => `${word}\0`).join('');
}
