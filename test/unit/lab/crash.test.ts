import { describe, expect, test } from 'vitest';
import { createCrasher, type CrashPlan } from '../../lab/host/crash.ts';

async function run(plan: CrashPlan | undefined, isPipeline = false) {
  const crasher = createCrasher(plan);
  const done: string[] = [];
  const write = async (what: string): Promise<void> => {
    if ((await crasher.onWrite(what, 'received')) === 'drop') return void done.push(`${what} dropped`);
    done.push(`${what} applied`);
    if ((await crasher.onWrite(what, 'applied')) !== 'drop') done.push(`${what} answered`);
  };
  await write('before the session');
  crasher.arm({
    kill: async () => void done.push('killed'),
    start: async () => void done.push('started'),
    isPipeline: () => isPipeline,
  });
  await write('a');
  await write('b');
  await write('c');
  await crasher.settled();
  return { done: done.slice(2), writes: crasher.writes, killed: crasher.killed };
}

describe('the crash of the operator', () => {
  test('without a plan there is none, and the writes of the session are counted', async () => {
    const { done, writes, killed } = await run(undefined);
    expect(killed).toBe(false);
    expect(writes).toEqual(['a', 'b', 'c']);
    expect(done).not.toContain('killed');
  });

  test('before the k-th write is carried out it is lost', async () => {
    const { done } = await run({ at: 2, when: 'Before' });
    expect(done).toEqual(['a applied', 'a answered', 'killed', 'started', 'b dropped', 'c applied', 'c answered']);
  });

  test('after it only its answer is', async () => {
    const { done, killed } = await run({ at: 2, when: 'After' });
    expect(killed).toBe(true);
    expect(done).toEqual(['a applied', 'a answered', 'b applied', 'killed', 'started', 'c applied', 'c answered']);
  });

  test('is not told to have been when there is no such write', async () => {
    expect(await run({ at: 'd', when: 'Before' })).toMatchObject({ killed: false, writes: ['a', 'b', 'c'] });
  });

  test("a pipeline's write is carried out and answered all the same", async () => {
    const { done } = await run({ at: 1, when: 'Before' }, true);
    expect(done.slice(0, 4)).toEqual(['killed', 'started', 'a applied', 'a answered']);
  });
});
