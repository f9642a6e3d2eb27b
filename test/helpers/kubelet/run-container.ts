import { spawn, type ChildProcess } from 'node:child_process';
import { lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { exited, killGroup } from '../../../controller/sandbox/spawn.ts';
import type { DebianBinary } from '../../lab/parts/debian.ts';
import type { Container } from './pod-spec.ts';

export interface Machine {
  readonly bwrap: DebianBinary;
  /** The machine's own network, as if no policy counted. */
  readonly openNetwork: boolean;
  /** What the kubelet tells each container of the API server. */
  readonly apiServer: { readonly host: string; readonly port: string };
}

export interface Started {
  readonly child: ChildProcess;
  readonly exitCode: Promise<number>;
  /** What it has said until now. */
  said(): string;
}

/** Starts a container's command with these variables on a read-only root of this machine's programs, with the folders of its volumes, as the Pod's user. */
export function startContainer(
  { bwrap, openNetwork, apiServer }: Machine,
  container: Container,
  variables: Readonly<Record<string, string>>,
  folders: ReadonlyMap<string, string>,
  uid: number,
): Started {
  const env = {
    PATH: '/opt/node:/usr/bin:/bin',
    KUBERNETES_SERVICE_HOST: apiServer.host,
    KUBERNETES_SERVICE_PORT: apiServer.port,
    ...variables,
  };
  const mounts = container.volumeMounts.flatMap(({ name, mountPath, readOnly }) => {
    const from = folders.get(name);
    if (from === undefined) throw new Error(`no volume ${name}`);
    return [
      '--perms',
      '0755',
      '--dir',
      dirname(mountPath),
      readOnly === true ? '--ro-bind' : '--bind',
      from,
      mountPath,
    ];
  });
  const args = [
    '--die-with-parent',
    '--new-session',
    '--unshare-pid',
    ...(openNetwork ? [] : ['--unshare-net']),
    ...(isRoot ? rootOnly : ['--unshare-user', '--uid', String(uid), '--gid', String(uid)]),
    ...image(),
    ...mounts,
    '--chdir',
    container.workingDir,
    '--remount-ro',
    '/',
    '--clearenv',
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--',
    ...(isRoot
      ? ['/usr/bin/setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs', '--']
      : []),
    ...container.command.map((word) => expand(word, env)),
  ];
  const child = spawn(bwrap.path, args, { env: { ...bwrap.env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { child, exitCode: exited(child), said: () => Buffer.concat(chunks).toString() };
}

export { killGroup };

const isRoot = process.getuid?.() === 0;
const rootOnly = ['--unshare-ipc', '--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID'];

function image(): readonly string[] {
  const folders = ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => {
    const path = `/${name}`;
    const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return link ? ['--symlink', readlinkSync(path), path] : ['--ro-bind-try', path, path];
  });
  const etc = ['/etc/passwd', '/etc/ld.so.cache', '/etc/alternatives'].flatMap((path) => ['--ro-bind-try', path, path]);
  const own = ['--perms', '0755', '--dir', '/opt', '--ro-bind', dirname(process.execPath), '/opt/node'];
  return [
    '--ro-bind',
    '/usr',
    '/usr',
    ...folders,
    '--perms',
    '0755',
    '--dir',
    '/etc',
    ...etc,
    ...own,
    '--proc',
    '/proc',
    '--dev',
    '/dev',
  ];
}

/** As Kubernetes reads the words of a command: `$$` is a `$`, and `$(NAME)` the variable where there is one. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (found, name?: string) => {
    if (name === undefined) return '$';
    return Object.hasOwn(env, name) ? (env[name] ?? '') : found;
  });
}
