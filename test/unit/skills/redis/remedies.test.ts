import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Finding } from '../../../../controller/evidence/finding.ts';
import { evictWhenFull } from '../../../../skills/lib/redis/eviction-remedy.ts';
import { nodeWith, str } from '../lib/fake-tools.ts';

const remedy = evictWhenFull('redis');
const full = { policy: 'noeviction', keys: 200, expiringKeys: 150 };

function near(severity: Finding['severity'], facts: JsonObject): Finding {
  return { id: 'a', node: 'shop/cache', kind: 'redis.MemoryNearMax', severity, summary: '', source: '', facts };
}

function policies(finding: Finding, parameters: JsonObject = {}): readonly unknown[] {
  const proposed = remedy.propose({ node: nodeWith(parameters), findings: [finding], changes: [], series: [] });
  return proposed.map(({ action, parameters: { policy } }) => `${action} ${str(policy)}`);
}

it('a full server throws away what expires anyway', () => {
  expect(remedy.cause).toBe('redis.NoEvictionWhenFull');
  expect(policies(near('Critical', full))).toEqual(['redis.set-maxmemory-policy volatile-lru']);
});

it('keys that never expire are given up only where the map says that they can be had again', () => {
  const lasting = near('Critical', { ...full, expiringKeys: 20 });
  expect(policies(lasting)).toEqual([]);
  expect(policies(lasting, { disposable: true })).toEqual(['redis.set-maxmemory-policy allkeys-lru']);
});

it('nothing is given up for a server that is not full yet, or evicts already', () => {
  expect(policies(near('Warning', full), { disposable: true })).toEqual([]);
  expect(policies(near('Critical', { ...full, policy: 'allkeys-lru' }), { disposable: true })).toEqual([]);
});
