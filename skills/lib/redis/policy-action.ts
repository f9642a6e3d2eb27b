import type { JsonObject } from '../../../controller/api/json.ts';
import { textOf } from '../reading.ts';
import { consequenceOf, policySchema } from './eviction.ts';

/** What is the same of setting maxmemory-policy, whoever runs the server. It loses data where that is no cache. */
export const policyAction = {
  class: 'Infra',
  risk: 'High',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['policy'],
    properties: { policy: policySchema },
  },
  idempotency: 'Natural',
  direction: (parameters: JsonObject) => `policy:${policyIn(parameters)}`,
} as const;

export function policyIn(parameters: JsonObject): string {
  return textOf(parameters['policy']) ?? '';
}

export function policyDiff(from: string, to: string): readonly string[] {
  return [`- maxmemory-policy ${from}: ${consequenceOf(from)}`, `+ maxmemory-policy ${to}: ${consequenceOf(to)}`];
}
