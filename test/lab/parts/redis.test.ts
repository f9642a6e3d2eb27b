import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type Redis } from './redis.ts';

const { signal } = new AbortController();
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-redis-'));
let redis: Redis;

beforeAll(async () => {
  redis = await startRedis({ dataDir, signal, progress: () => undefined, config: { maxclients: '40' } });
}, 300_000);

afterAll(async () => {
  await redis.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('it keeps a value and has the given settings', async () => {
  const client = await createClient({ url: redis.url }).connect();
  await client.set('a', 'b');
  expect(await client.get('a')).toBe('b');
  expect(await client.configGet(['maxclients', 'bind', 'save'])).toEqual({
    maxclients: '40',
    bind: '127.0.0.1',
    save: '',
  });
  await client.close();
});
