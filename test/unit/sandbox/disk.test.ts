import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { watchDisk } from '../../../controller/sandbox/disk.ts';
import { until } from '../../lab/parts/process.ts';

let folder: string;
let exceeded: number;
let stop: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-disk-test-'));
  exceeded = 0;
});
afterEach(() => {
  stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Of how much was looked at, so that a test can tell "not exceeded" from "not looked". */
function watch(limit: { readonly mebibytes?: number; readonly entries?: number }): () => number {
  let looks = 0;
  const processes = async () => {
    looks += 1;
    return [process.pid];
  };
  const onExceeded = () => void (exceeded += 1);
  stop = watchDisk({ folder, mebibytes: 64, entries: 1_000, processes, onExceeded, ...limit }, systemClock);
  return () => looks;
}
const isExceeded = () => until('the limit', async () => (exceeded > 0 ? true : undefined), 10_000);
const mebibytes = (count: number) => Buffer.alloc(count << 20, 1);

it('says once that the files are too large together', async () => {
  watch({ mebibytes: 4 });
  mkdirSync(join(folder, 'a'));
  for (let n = 0; n < 5; n += 1) writeFileSync(join(folder, 'a', `${n}\nodd`), mebibytes(1));
  await isExceeded();
  expect(exceeded).toBe(1);
});

it('says that there are too many', async () => {
  watch({ entries: 100 });
  for (let n = 0; n < 120; n += 1) writeFileSync(join(folder, String(n)), '');
  await isExceeded();
  expect(exceeded).toBe(1);
});

it('sees what was removed and is still open', async () => {
  watch({ mebibytes: 4 });
  const path = join(folder, 'hidden');
  writeFileSync(path, mebibytes(8));
  const held = openSync(path, 'r');
  unlinkSync(path);
  await isExceeded();
  expect(exceeded).toBe(1);
  closeSync(held);
});

it('lets be what stays within the limits', async () => {
  const looks = watch({ mebibytes: 4, entries: 10 });
  writeFileSync(join(folder, 'small'), mebibytes(2));
  await until('three looks', async () => (looks() >= 3 ? true : undefined), 10_000);
  expect(exceeded).toBe(0);
});
