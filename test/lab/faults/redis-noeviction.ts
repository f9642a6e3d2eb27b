import type { Lab } from '../world/lab.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

const quotes = 100;
const bytesPerQuote = 20_000;
/** Bytes that the server holds beyond its bound: more than what expires while a session works. */
const beyond = 500_000;

/** Somebody gave the cache a bound and left it the policy of a store: at the bound it refuses writes instead of making room. */
export const fault: Fault = {
  name: 'redis-noeviction',
  description: 'The cache reaches its bound and evicts nothing: writes are refused, and with them the checkouts',
  session: { service: 'gateway', symptom: 'Checkouts fail since this morning, nothing was released' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.cache}`, kind: 'redis.NoEvictionWhenFull' }],
    fixes: ['redis.set-maxmemory-policy'],
    iterations: 1,
  },
  async inject(lab) {
    for (let index = 0; index < quotes; index += 1) {
      await lab.cache(['SET', `quote:${index}`, 'x'.repeat(bytesPerQuote), 'EX', '86400']);
    }
    await lab.cache(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction']);
    await lab.cache(['CONFIG', 'SET', 'maxmemory', String((await usedMemory(lab)) - beyond)]);
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};

/** Bytes. */
async function usedMemory(lab: Lab): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(String(await lab.cache(['INFO', 'memory'])))?.[1]);
}
