import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { numberOf, textOf } from '../lib/reading.ts';

const defaults = {
  maxErrorsPerMillion: 10_000,
  maxIteratorAgeSeconds: 60,
  maxMemory: 3008,
  maxTimeoutSeconds: 60,
  maxConcurrency: 100,
};

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['functionName'],
  properties: {
    functionName: { type: 'string', minLength: 1, maxLength: 170, description: 'Name or ARN, without a version' },
    logGroup: { type: 'string', minLength: 1, maxLength: 512, description: '/aws/lambda/NAME when left out' },
    maxErrorsPerMillion: { type: 'integer', minimum: 0, maximum: 1_000_000, default: defaults.maxErrorsPerMillion },
    maxIteratorAgeSeconds: { type: 'integer', minimum: 1, default: defaults.maxIteratorAgeSeconds },
    maxMemory: {
      type: 'integer',
      minimum: 128,
      maximum: 10240,
      default: defaults.maxMemory,
      description: 'Most MiB an act may give',
    },
    maxTimeoutSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 900,
      default: defaults.maxTimeoutSeconds,
      description: 'Longest timeout an act may set',
    },
    maxConcurrency: {
      type: 'integer',
      minimum: 1,
      maximum: 100_000,
      default: defaults.maxConcurrency,
      description: 'Most concurrency an act may reserve',
    },
    metricPeriodSeconds: {
      enum: [1, 5, 10, 30, 60],
      description: 'For metrics published at high resolution; whole minutes when left out',
    },
  },
};

export interface LambdaSettings {
  readonly name: string;
  readonly logGroup: string;
  readonly maxErrorsPerMillion: number;
  readonly maxIteratorAgeSeconds: number;
  readonly maxMemory: number;
  readonly maxTimeoutSeconds: number;
  readonly maxConcurrency: number;
  readonly periodSeconds?: number;
}

export function settingsOf(given: JsonObject): LambdaSettings {
  const name = textOf(given['functionName']) ?? '';
  const period = numberOf(given['metricPeriodSeconds']);
  const number = (key: keyof typeof defaults): number => numberOf(given[key]) ?? defaults[key];
  return {
    name,
    logGroup: textOf(given['logGroup']) ?? `/aws/lambda/${shortName(name)}`,
    maxErrorsPerMillion: number('maxErrorsPerMillion'),
    maxIteratorAgeSeconds: number('maxIteratorAgeSeconds'),
    maxMemory: number('maxMemory'),
    maxTimeoutSeconds: number('maxTimeoutSeconds'),
    maxConcurrency: number('maxConcurrency'),
    ...(period === undefined ? {} : { periodSeconds: period }),
  };
}

/** `resize` of its ARN and of itself. */
export function shortName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf(':') + 1);
}

export function identity(given: JsonObject): string | undefined {
  const { name } = settingsOf(given);
  return name === '' ? undefined : `lambda:${shortName(name)}`;
}
