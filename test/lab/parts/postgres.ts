import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  accepts,
  administration,
  connectionUrl,
  type Login,
  type PostgresAdministration,
} from './postgres-administration.ts';
import { PartUnavailable, type PartOptions } from './part.ts';
import { postgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { freePort } from './process.ts';
import { run } from './run.ts';
import { startService } from './service.ts';
import { unprivileged, type Unprivileged } from './unprivileged.ts';

export interface PostgresPartOptions extends PartOptions {
  /** 100 without it. */
  readonly maxConnections?: number;
  /** Other settings of postgresql.conf, such as `{deadlock_timeout: '100ms'}`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Postgres extends PostgresAdministration {
  readonly host: string;
  readonly port: number;
  readonly superuser: Login;
  readonly logFile: string;
  /** `postgresql://USER:PASSWORD@127.0.0.1:PORT/DATABASE`; of the superuser when no login is given. */
  url(database: string, login?: Login): string;
  stop(): Promise<void>;
}

const host = '127.0.0.1';

/** Starts a real PostgreSQL in `<dataDir>/db`, which must not be there yet, on TCP only, with pg_stat_statements loaded. Up in about 3 s. */
export async function startPostgres(options: PostgresPartOptions): Promise<Postgres> {
  const { dataDir, signal, progress } = options;
  mkdirSync(dataDir, { recursive: true });
  const binaries = await postgresBinaries();
  const user = unprivileged(['postgres', 'nobody']);
  const superuser = { user: 'postgres', password: randomUUID() };
  const folder = join(dataDir, 'db');
  if (existsSync(folder)) throw new PartUnavailable(`${folder} is there already: each run needs a folder of its own`);
  progress('postgres: making a database cluster');
  await initialise(binaries, folder, superuser, user, signal);
  const port = await freePort();
  const url = (database: string, login: Login = superuser): string => connectionUrl(port, database, login);
  const service = await startService({
    name: 'postgres',
    // All its scans together take one core: what is slow in it must not take the whole machine.
    command: 'taskset',
    args: [
      '--cpu-list',
      lastCore(),
      binaries.postgres,
      '-D',
      folder,
      ...Object.entries(settingsOf(options, port)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: environment(),
    dataDir,
    signal,
    privileges: user.privileges,
    stopSignal: 'SIGINT',
    ready: () => accepts(url('postgres')),
  });
  const { logFile } = service;
  return { host, port, superuser, logFile, url, ...administration(url), stop: () => service.stop() };
}

/** Of those that this process may run on. */
function lastCore(): string {
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return allowed?.split(/[,-]/).at(-1) ?? '0';
}

/** Durability is off: the data dies with the lab, and two busy cores have better things to do than to sync. */
function settingsOf(options: PostgresPartOptions, port: number): Record<string, string> {
  return {
    port: String(port),
    listen_addresses: host,
    unix_socket_directories: '',
    shared_preload_libraries: 'pg_stat_statements',
    max_connections: String(options.maxConnections ?? 100),
    shared_buffers: '32MB',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    log_lock_waits: 'on',
    ...options.settings,
  };
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}

async function initialise(
  { initdb }: PostgresBinaries,
  folder: string,
  { user, password }: Login,
  { privileges, own }: Unprivileged,
  signal: AbortSignal,
): Promise<void> {
  mkdirSync(folder, { mode: 0o700 });
  own(folder);
  const passwordFile = `${folder}-password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  own(passwordFile);
  const args = [
    '-D',
    folder,
    '-U',
    user,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '-E',
    'UTF8',
    '--no-sync',
  ];
  try {
    await run('setpriv', [...privileges, '--', initdb, ...args], { signal, env: environment() });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}
