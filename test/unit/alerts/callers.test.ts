import { describe, expect, test } from 'vitest';
import { Callers, type Reviews } from '../../../controller/alerts/callers.ts';
import { Overloaded } from '../../../controller/alerts/overloaded.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const { signal } = new AbortController();
const token = 'a-token';
const here = '10.0.0.1';

/** Tokens that begin with `bad` are nobody's. */
function world() {
  const asked: string[] = [];
  const clock = new FakeClock();
  const state = { fails: false, revoked: '' };
  const reviews: Reviews = {
    async userOf(shown) {
      asked.push(`who ${shown}`);
      if (state.fails) throw new Error('the cluster is away');
      return shown.startsWith('bad') || shown === state.revoked ? undefined : { username: 'am', uid: '1', groups: [] };
    },
    async isAllowed(user, { namespace }) {
      asked.push(`${user.username} in ${namespace}`);
      return namespace === 'a';
    },
  };
  const callers = new Callers(reviews, clock);
  let guesses = 0;
  /** As many tokens that nobody has, at once; how many of them were refused without a look. */
  const flood = async (count: number, addressOf: (i: number) => string): Promise<number> => {
    const tries = Array.from({ length: count }, (_, i) =>
      callers.callerOf(`bad-${(guesses += 1)}`, addressOf(i), signal),
    );
    const refused = (await Promise.allSettled(tries)).filter((one) => one.status === 'rejected');
    expect(refused.every(({ reason }) => reason instanceof Overloaded)).toBe(true);
    return refused.length;
  };
  const nameOf = async (shown: string, address: string) => (await callers.callerOf(shown, address, signal))?.username;
  return { asked, clock, callers, state, flood, nameOf };
}

describe('what the cluster says of a caller', () => {
  test('counts for ten seconds, for each namespace by itself', async () => {
    const { asked, clock, callers } = world();
    for (let i = 0; i < 3; i += 1) {
      const caller = await callers.callerOf(token, here, signal);
      expect(await caller?.mayOpenIn('a')).toBe(true);
      expect(await caller?.mayOpenIn('b')).toBe(false);
    }
    expect(asked).toEqual([`who ${token}`, 'am in a', 'am in b']);
    await clock.advance(10_001);
    await (await callers.callerOf(token, here, signal))?.mayOpenIn('a');
    expect(asked).toHaveLength(5);
  });

  test('is asked once by many at a time, and a failure is not remembered', async () => {
    const { asked, clock, state, nameOf } = world();
    state.fails = true;
    await expect(nameOf(token, here)).rejects.toThrow('away');
    state.fails = false;
    await Promise.all(Array.from({ length: 10 }, () => nameOf(token, here)));
    expect(asked).toHaveLength(2);
    await clock.advance(10_001);
    state.fails = true;
    await expect(nameOf(token, here)).rejects.toThrow('away');
    state.fails = false;
    await Promise.all(Array.from({ length: 10 }, () => nameOf(token, here)));
    expect(asked).toHaveLength(4);
  });

  test('ends where the token is good no more, and that counts for ten seconds too', async () => {
    const { asked, clock, state, nameOf } = world();
    expect(await nameOf(token, here)).toBe('am');
    state.revoked = token;
    await clock.advance(10_001);
    for (let i = 0; i < 5; i += 1) expect(await nameOf(token, here)).toBeUndefined();
    expect(asked).toHaveLength(2);
    state.revoked = '';
    await clock.advance(10_001);
    expect(await nameOf(token, here)).toBe('am');
  });
});

describe('a flood of tokens that are nobody’s', () => {
  test('is asked about a little', async () => {
    const { asked, flood } = world();
    expect(await flood(500, (i) => `10.1.0.${i}`)).toBeGreaterThan(450);
    expect(asked.length).toBeLessThan(50);
  });

  test('keeps nobody from an answer who was known, wherever it comes from and however long it lasts', async () => {
    const { clock, flood, nameOf } = world();
    expect(await nameOf(token, here)).toBe('am');
    for (let seconds = 0; seconds < 15; seconds += 1) {
      const [refused, name] = await Promise.all([flood(1200, () => here), nameOf(token, here)]);
      expect(refused).toBeGreaterThan(1100);
      expect(name).toBe('am');
      await clock.advance(1000);
    }
  });

  test('from one address keeps nobody of another one from the first answer', async () => {
    const { clock, flood, nameOf } = world();
    for (let seconds = 0; seconds < 30; seconds += 1) {
      expect(await flood(200, () => '10.1.0.1')).toBeGreaterThan(150);
      await clock.advance(1000);
    }
    await flood(200, () => '10.1.0.1');
    expect(await nameOf(token, here)).toBe('am');
  });

  test('from everywhere keeps nobody from an answer whose token was renewed', async () => {
    const { clock, flood, nameOf } = world();
    expect(await nameOf(token, here)).toBe('am');
    for (let hour = 0; hour < 3; hour += 1) {
      await clock.advance(3_600_000);
      await flood(1200, (i) => `10.1.${i >> 8}.${i & 255}`);
      expect(await nameOf(`renewed-${hour}`, here)).toBe('am');
    }
  });

  test('that the cluster is slow to answer is asked about a little at once', async () => {
    const clock = new FakeClock();
    let asked = 0;
    const go = Promise.withResolvers<undefined>();
    const userOf: Reviews['userOf'] = (shown) => {
      if (shown !== token) asked += 1;
      return shown === token ? Promise.resolve({ username: 'am', uid: '1', groups: [] }) : go.promise;
    };
    const callers = new Callers({ userOf, isAllowed: async () => true }, clock);
    await callers.callerOf(token, here, signal);
    const tries: Promise<unknown>[] = [];
    for (let seconds = 0; seconds < 30; seconds += 1) {
      for (let i = 0; i < 50; i += 1) {
        tries.push(callers.callerOf(`bad-${seconds}-${i}`, `10.1.0.${i}`, signal).catch(() => undefined));
      }
      await clock.advance(1000);
      expect((await callers.callerOf(token, here, signal))?.username).toBe('am');
    }
    expect(asked).toBe(32);
    go.resolve(undefined);
    await Promise.all(tries);
  });
});
