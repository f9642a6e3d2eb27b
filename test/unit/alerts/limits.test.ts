import { describe, expect, test } from 'vitest';
import { Callers, type Reviews } from '../../../controller/alerts/callers.ts';
import { Overloaded } from '../../../controller/alerts/overloaded.ts';
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

describe('what the cluster says of a caller', () => {
  const token = 'a-token';
  function world() {
    const asked: string[] = [];
    const clock = new FakeClock();
    let fails = false;
    const reviews: Reviews = {
      async userOf(shown) {
        asked.push(`who ${shown}`);
        if (fails) throw new Error('the cluster is away');
        return shown.startsWith('bad') ? undefined : { username: 'am', uid: '1', groups: [] };
      },
      async isAllowed(user, { namespace }) {
        asked.push(`${user.username} in ${namespace}`);
        return namespace === 'a';
      },
    };
    return { asked, clock, callers: new Callers(reviews, clock), fail: (now: boolean) => (fails = now) };
  }

  test('counts for ten seconds, for each namespace by itself', async () => {
    const { asked, clock, callers } = world();
    for (let i = 0; i < 3; i += 1) {
      const caller = await callers.callerOf(token, signal);
      expect(await caller?.mayOpenIn('a')).toBe(true);
      expect(await caller?.mayOpenIn('b')).toBe(false);
    }
    expect(asked).toEqual([`who ${token}`, 'am in a', 'am in b']);
    await clock.advance(10_001);
    await (await callers.callerOf(token, signal))?.mayOpenIn('a');
    expect(asked).toHaveLength(5);
  });

  test('is asked once by many at a time, and a failure is not remembered', async () => {
    const { asked, callers, fail } = world();
    fail(true);
    await expect(callers.callerOf(token, signal)).rejects.toThrow('away');
    fail(false);
    await Promise.all(Array.from({ length: 10 }, () => callers.callerOf(token, signal)));
    expect(asked).toHaveLength(2);
  });

  test('is not asked for any number of tokens that nobody knows, and those that are known stay so', async () => {
    const { asked, callers } = world();
    await callers.callerOf(token, signal);
    const guesses = Array.from({ length: 500 }, (_, i) => callers.callerOf(`bad-${i}`, signal));
    const ends = await Promise.allSettled(guesses);
    const refused = ends.filter((one) => one.status === 'rejected');
    expect(refused.every(({ reason }) => reason instanceof Overloaded)).toBe(true);
    expect(asked.length).toBeLessThan(50);
    expect((await callers.callerOf(token, signal))?.username).toBe('am');
  });
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
