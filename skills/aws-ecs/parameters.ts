import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { numberOf } from '../lib/reading.ts';

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['cluster', 'service'],
  properties: {
    cluster: { type: 'string', minLength: 1, maxLength: 255, description: 'Name or ARN of the cluster' },
    service: { type: 'string', minLength: 1, maxLength: 255, description: 'Name or ARN of the service' },
    container: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'The container that actions change; the first essential one when left out',
    },
    maxMemory: { type: 'integer', minimum: 4, maximum: 122880, default: 8192, description: 'Most MiB an act may give' },
    maxCpu: {
      type: 'integer',
      minimum: 1,
      maximum: 16384,
      default: 4096,
      description: 'Most CPU units an act may give',
    },
    minTasks: {
      type: 'integer',
      minimum: 0,
      maximum: 1000,
      default: 1,
      description: 'With fewer wanted it is ill; 0 for a service that may be asleep',
    },
    maxTasks: { type: 'integer', minimum: 1, maximum: 1000, default: 10 },
    metricPeriodSeconds: {
      enum: [1, 5, 10, 30, 60],
      description: 'For metrics published at high resolution; whole minutes when left out',
    },
  },
};

export interface Limits {
  readonly maxMemory: number;
  readonly maxCpu: number;
  readonly minTasks: number;
  readonly maxTasks: number;
}

/** Defaults are repeated here, because remedies are also asked in replays of bundles whose nodes were kept as they were. */
export function limitsOf(parameters: JsonObject): Limits {
  return {
    maxMemory: numberOf(parameters['maxMemory']) ?? 8192,
    maxCpu: numberOf(parameters['maxCpu']) ?? 4096,
    minTasks: numberOf(parameters['minTasks']) ?? 1,
    maxTasks: numberOf(parameters['maxTasks']) ?? 10,
  };
}
