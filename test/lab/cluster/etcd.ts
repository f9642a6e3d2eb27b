import { join } from 'node:path';
import { startBound } from './bound-process.ts';
import type { Running } from '../parts/process.ts';

/**
 * etcd listens on sockets in the data folder, not on ports: whoever reaches etcd can rewrite every object past all admission, and a
 * port would be open to each process of the machine. The names are relative, because a socket's path has at most 107 bytes; etcd
 * wants the form host:port, and all of it is the file's name.
 */
export const etcdEndpoint = 'unix://etcd.sock:1';

/** Starts etcd on `dataDir/etcd`. Without fsync: what a power cut loses here, nobody misses. */
export function startEtcd(program: string, dataDir: string): Promise<Running> {
  const peer = 'unix://etcd-peer.sock:1';
  const flags = {
    name: 'lab',
    'data-dir': 'etcd',
    'listen-client-urls': etcdEndpoint,
    'advertise-client-urls': etcdEndpoint,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `lab=${peer}`,
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
  };
  return startBound(program, toArguments(flags), { cwd: dataDir, logFile: join(dataDir, 'etcd.log') });
}

/** `{a: 'b'}` as `--a=b`. */
export function toArguments(flags: Readonly<Record<string, string>>): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}
