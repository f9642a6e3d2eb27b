import { createConnection } from 'node:net';
import { debianProgram } from './debian.ts';
import type { PartOptions } from './part.ts';
import { freePort } from './process.ts';
import { startService } from './service.ts';

export interface RedisPartOptions extends PartOptions {
  /** Directives of redis.conf, such as `{maxclients: '50', 'slowlog-log-slower-than': '1000'}`. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface Redis {
  readonly host: string;
  readonly port: number;
  /** `redis://127.0.0.1:PORT`. */
  readonly url: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

const host = '127.0.0.1';

/** Starts a redis-server that keeps nothing on disk: the one on PATH, else Debian's, unpacked into the cache. */
export async function startRedis({ dataDir, signal, progress, config = {} }: RedisPartOptions): Promise<Redis> {
  const binary = await debianProgram('redis-server', { signal, progress });
  const port = await freePort();
  const settings = { port: String(port), bind: host, save: '', appendonly: 'no', dir: dataDir, ...config };
  const service = await startService({
    name: 'redis',
    command: binary.path,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    env: { ...process.env, ...binary.env },
    dataDir,
    signal,
    ready: () => answersPing(port),
  });
  return { host, port, url: `redis://${host}:${port}`, logFile: service.logFile, stop: () => service.stop() };
}

/** Any reply to PING will do: a server that asks for a password is up as well. */
async function answersPing(port: number): Promise<boolean> {
  const socket = createConnection({ host, port, timeout: 1000 });
  const replied = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('timeout', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
  socket.destroy();
  return replied;
}
