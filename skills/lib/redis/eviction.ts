import type { JsonObject } from '../../../controller/api/json.ts';

/** What Redis may do at its bound on memory; `noeviction` refuses writes. */
export const policies = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
] as const;

export const policySchema: JsonObject = { enum: [...policies], description: 'maxmemory-policy' };

/** What a policy does to the keys, for a person who decides. */
export function consequenceOf(policy: string): string {
  if (policy === 'noeviction') return 'writes are refused when memory is full';
  const which = policy.startsWith('volatile-') ? 'keys that have an expiry' : 'any key, also what never expires,';
  return `when memory is full, ${which} may be thrown away before its time`;
}

/** Does a full server refuse writes? One that may throw away only what expires does as well, where nothing expires. */
export function refusesWhenFull(policy: string, expiringKeys: number): boolean {
  return policy === 'noeviction' || (policy.startsWith('volatile-') && expiringKeys === 0);
}
