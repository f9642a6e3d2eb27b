import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../cluster/memory-folder.ts';
import { cacheFolder } from '../parts/cache.ts';

interface Kept {
  readonly pid: number;
  readonly socket: string;
}

function keptFolder(): string {
  const folder = join(cacheFolder(), 'kept');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * Writes this process down as a lab that is kept, and resolves when somebody asks it to end: by its socket, which nobody else can
 * have by accident as a process id can.
 */
export async function keepUntilAsked(folder: string, signal: AbortSignal): Promise<void> {
  const socket = join(folder, 'host.sock');
  const record = join(keptFolder(), `${process.pid}.json`);
  const server = createServer();
  const asked = new Promise<void>((resolve) => {
    server.once('connection', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  writeFileSync(record, JSON.stringify({ pid: process.pid, socket } satisfies Kept));
  try {
    await asked;
  } finally {
    server.close();
    rmSync(record, { force: true });
  }
}

/** Ends all labs that were kept; answers how many there were. */
export async function stopKept(): Promise<number> {
  const records = readdirSync(keptFolder()).filter((name) => name.endsWith('.json'));
  const ended = await Promise.all(records.map((name) => stopOne(join(keptFolder(), name))));
  return ended.filter(Boolean).length;
}

async function stopOne(record: string): Promise<boolean> {
  // Our own file.
  const { pid, socket } = JSON.parse(readFileSync(record, 'utf8')) as Kept;
  const reached = await reach(socket);
  if (!reached) rmSync(record, { force: true });
  while (reached && isAlive(pid)) await delay(100);
  return reached;
}

async function reach(socket: string): Promise<boolean> {
  const connection = createConnection(socket);
  const reached = await new Promise<boolean>((resolve) => {
    connection.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  connection.destroy();
  return reached;
}
