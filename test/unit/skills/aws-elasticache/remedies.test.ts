import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Finding } from '../../../../controller/evidence/finding.ts';
import { remedies } from '../../../../skills/aws-elasticache/remedies.ts';
import { nodeWith } from '../lib/fake-tools.ts';

function finding(kind: string, severity: Finding['severity'], facts: JsonObject, since?: string): Finding {
  const of = { id: kind, node: 'shop/cache', kind, severity, summary: '', source: '', facts };
  return since === undefined ? of : { ...of, since };
}

function set(name: string, value: string, byDefault: string, since?: string): Finding {
  return finding('aws-elasticache.ParametersSet', 'Info', { parameters: [{ name, value, default: byDefault }] }, since);
}

/** What all remedies propose, with the cause that each would heal. */
function proposed(...findings: readonly Finding[]): readonly unknown[] {
  const context = { node: nodeWith({}), findings, changes: [], series: [] };
  return remedies.flatMap((remedy) =>
    remedy.propose(context).map(({ action, parameters, fitness }) => [remedy.cause, action, parameters, fitness]),
  );
}

const refused = (word: string): Finding => finding('redis.WritesRefused', 'Critical', { errors: { [word]: 5 } });
const restore = (parameter: string) => ['aws-elasticache.restore-parameter', { parameter }];

it('memory that is kept from the data is given back where the data does not fit', () => {
  const reserved = set('reserved-memory-percent', '75', '25', '2026-11-20T10:10:00Z');
  const cause = 'aws-elasticache.MemoryReserved';
  expect(proposed(refused('OOM'), reserved)).toEqual([[cause, ...restore('reserved-memory-percent'), 0.85]]);
  const evicts = (severity: Finding['severity']) => finding('redis.EvictionsGrowing', severity, {});
  expect(proposed(evicts('Warning'), reserved)).toHaveLength(1);
  expect(proposed(evicts('Info'), reserved)).toEqual([]);
  expect(proposed(refused('OOM'), set('reserved-memory-percent', '10', '25'))).toEqual([]);
});

it('replicas that are wanted and not there are wanted no more; what has been so for long is less to blame', () => {
  const wanted = set('min-slaves-to-write', '1', '0');
  const cause = 'aws-elasticache.ReplicasRequired';
  expect(proposed(refused('NOREPLICAS'), wanted)).toEqual([[cause, ...restore('min-slaves-to-write'), 0.6]]);
  expect(proposed(refused('READONLY'), wanted)).toEqual([]);
  expect(proposed(wanted)).toEqual([]);
});
