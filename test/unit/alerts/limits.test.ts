import { describe, expect, test } from 'vitest';
import { SetLocks } from '../../../controller/alerts/set-locks.ts';
import { TokenBucket, TokenBuckets } from '../../../controller/alerts/token-bucket.ts';
import { FakeClock, settle } from '../../helpers/fake-clock.ts';

const { signal } = new AbortController();

test('a bucket gives a burst, then as much as time brings, and never more than a burst', async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, 2, 3);
  const taken = (tries: number) => Array.from({ length: tries }, () => bucket.take()).filter(Boolean).length;
  expect(taken(5)).toBe(3);
  await clock.advance(500);
  expect(taken(5)).toBe(1);
  await clock.advance(60_000);
  expect(taken(10)).toBe(3);
});

test('each name has a bucket of its own, and not more names than a thousand are kept', () => {
  const buckets = new TokenBuckets(new FakeClock(), 1, 2);
  const taken = (name: string) => [buckets.take(name), buckets.take(name), buckets.take(name)];
  expect(taken('one')).toEqual([true, true, false]);
  expect(taken('two')).toEqual([true, true, false]);
  for (let i = 0; i < 999; i += 1) buckets.take(`other-${i}`);
  expect(buckets.take('two')).toBe(false);
  expect(buckets.take('one')).toBe(true);
});

describe('locks on sets of keys', () => {
  function work() {
    const locks = new SetLocks();
    const log: string[] = [];
    const ends = new Map<string, () => void>();
    const begin = (name: string, keys: readonly string[], aborted = signal) =>
      locks.with(
        new Set(keys),
        async () => {
          log.push(name);
          await new Promise<void>((resolve) => ends.set(name, resolve));
        },
        aborted,
      );
    const end = async (name: string) => {
      ends.get(name)?.();
      await settle();
    };
    return { log, begin, end };
  }

  test('keep overlapping work apart, in the order of its coming, and other work beside it', async () => {
    const { log, begin, end } = work();
    const all = [begin('ab', ['a', 'b']), begin('bc', ['b', 'c']), begin('c', ['c']), begin('d', ['d'])];
    await settle();
    expect(log).toEqual(['ab', 'd']);
    await end('ab');
    expect(log).toEqual(['ab', 'd', 'bc']);
    await end('bc');
    expect(log).toEqual(['ab', 'd', 'bc', 'c']);
    await end('c');
    await end('d');
    await Promise.all(all);
  });

  test('are let go by work that fails, and by who no longer waits', async () => {
    const { log, begin, end } = work();
    const first = begin('first', ['a']);
    const gone = new AbortController();
    const second = begin('second', ['a'], gone.signal);
    const third = begin('third', ['a']);
    gone.abort(new Error('late'));
    await expect(second).rejects.toThrow('late');
    await end('first');
    await first;
    expect(log).toEqual(['first', 'third']);
    await end('third');
    await third;
    const locks = new SetLocks();
    await expect(locks.with(new Set(['a']), () => Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(await locks.with(new Set(['a']), () => Promise.resolve('yes'), signal)).toBe('yes');
  });
});
