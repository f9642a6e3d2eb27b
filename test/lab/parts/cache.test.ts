import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cached } from './cache.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-cache-'));
  vi.stubEnv('THREEHOPS_CACHE', folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('two who want the same at the same time make it once', async () => {
  let made = 0;
  const make = async (into: string): Promise<void> => {
    made += 1;
    await Promise.resolve();
    writeFileSync(join(into, 'content'), 'whole');
  };
  const [one, two] = await Promise.all([cached('part-1', make), cached('part-1', make)]);
  expect(one).toBe(two);
  expect(made).toBe(1);
  expect(readFileSync(join(one, 'content'), 'utf8')).toBe('whole');
  expect(readdirSync(folder)).toEqual(['part-1']);
});

test('a failure leaves nothing behind, and the next call tries again', async () => {
  const broken = async (into: string): Promise<void> => {
    writeFileSync(join(into, 'half'), '');
    throw new Error('no space left');
  };
  await expect(cached('part-1', broken)).rejects.toThrow('no space left');
  expect(readdirSync(folder)).toEqual([]);
  expect(existsSync(await cached('part-1', async () => undefined))).toBe(true);
});

test('what a killed process left behind is taken over', async () => {
  const gone = 4_194_303;
  writeFileSync(join(folder, 'part-1.lock'), String(gone));
  writeFileSync(join(folder, `part-1.partial-${gone}`), '');
  await cached('part-1', async (into) => writeFileSync(join(into, 'content'), ''));
  expect(readdirSync(folder)).toEqual(['part-1']);
});
