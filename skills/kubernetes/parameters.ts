import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { numberOf } from '../lib/reading.ts';

const name = (description: string): JsonSchema => ({ type: 'string', minLength: 1, maxLength: 253, description });

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['namespace', 'deployment'],
  properties: {
    context: name("Name of the cluster in the operator's configuration; needed where there are several"),
    namespace: name('Namespace of the Deployment'),
    deployment: name('Name of the Deployment'),
    container: name('The container that actions change and whose version counts; the first one when left out'),
    service: name('The Service whose endpoints its users reach; those that select its pods when left out'),
    maxMemory: {
      type: 'integer',
      minimum: 4,
      maximum: 1048576,
      default: 2048,
      description: 'Most MiB an act may give',
    },
    maxCpu: {
      type: 'integer',
      minimum: 1,
      maximum: 256000,
      default: 2000,
      description: 'Most millicores an act may give',
    },
    minReplicas: { type: 'integer', minimum: 0, maximum: 1000, default: 1, description: 'With fewer wanted it is ill' },
    maxReplicas: { type: 'integer', minimum: 1, maximum: 1000, default: 10, description: 'Most an act may want' },
  },
};

export interface Limits {
  readonly maxMemory: number;
  readonly maxCpu: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** Defaults are repeated here, because remedies are also asked in replays of bundles whose nodes were kept as they were. */
export function limitsOf(given: JsonObject): Limits {
  return {
    maxMemory: numberOf(given['maxMemory']) ?? 2048,
    maxCpu: numberOf(given['maxCpu']) ?? 2000,
    minReplicas: numberOf(given['minReplicas']) ?? 1,
    maxReplicas: numberOf(given['maxReplicas']) ?? 10,
  };
}
