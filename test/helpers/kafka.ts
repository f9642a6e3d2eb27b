import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { loadAll } from 'js-yaml';
import type { DeclaredSkill, ServiceTopology, ToolServer } from '../../controller/api/kinds.ts';

const file = join(import.meta.dirname, '../../manifests/samples/kafka.yaml');
const [server, skill, map] = loadAll(readFileSync(file, 'utf8')) as [ToolServer, DeclaredSkill, ServiceTopology];

/** The sample of a probe of one's own: its ToolServer, its Skill, and a map that uses it. */
export const kafkaSample = { server, skill, map };

/** What the server of the sample offers: the lag of a consumer group, and a write. */
export const kafkaTools: Tool[] = [
  {
    name: 'consumer_group_lag',
    description: 'Lag of a consumer group, by partition.',
    inputSchema: { type: 'object', required: ['group'], properties: { group: { type: 'string' } } },
    outputSchema: { type: 'object', required: ['partitions'], properties: { partitions: { type: 'array' } } },
  },
  {
    name: 'reset_offsets',
    description: 'Moves a consumer group to the end of its topics.',
    inputSchema: { type: 'object', required: ['group'], properties: { group: { type: 'string' } } },
  },
];

export const behindSince = '2026-01-01T00:30:00.000Z';

/** An answer of `consumer_group_lag`. */
export function lagOf(lag: number, members = 1): object {
  return { members, behindSince, partitions: [{ topic: 'payments', partition: 0, lag }] };
}
