import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { numberOf, textOf } from '../lib/reading.ts';
import type { Doubt } from '../skill.ts';

export interface QueueSettings {
  /** URL or name. */
  readonly queue: string;
  readonly dlq?: string;
  readonly maxDepth: number;
  readonly maxAgeSeconds: number;
  readonly processingSeconds?: number;
  readonly observeSeconds: number;
  readonly region?: string;
}

const defaults = { maxDepth: 1000, maxAgeSeconds: 300, observeSeconds: 2 };

const queue = { type: 'string', minLength: 1, maxLength: 512 };

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  oneOf: [{ required: ['queueUrl'] }, { required: ['queueName'] }],
  properties: {
    queueUrl: { ...queue, pattern: '^https?://' },
    queueName: { ...queue, maxLength: 80, pattern: '^[A-Za-z0-9_-]+(\\.fifo)?$' },
    dlq: { ...queue, description: 'URL or name of its dead-letter queue; what its redrive policy names when left out' },
    maxDepth: { type: 'integer', minimum: 0, default: defaults.maxDepth, description: 'Most messages that may wait' },
    maxAgeSeconds: { type: 'integer', minimum: 1, default: defaults.maxAgeSeconds },
    processingSeconds: {
      type: 'integer',
      minimum: 1,
      description: 'How long the consumer takes for a message at most',
    },
    observeSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 10,
      default: defaults.observeSeconds,
      description: 'For how long a look watches the depth, a read a second',
    },
    region: { type: 'string', maxLength: 30, description: 'For a tool server that does not know it' },
  },
};

export function settingsOf(parameters: JsonObject): QueueSettings {
  const dlq = textOf(parameters['dlq']);
  const processingSeconds = numberOf(parameters['processingSeconds']);
  const region = textOf(parameters['region']);
  return {
    queue: textOf(parameters['queueUrl']) ?? textOf(parameters['queueName']) ?? '',
    ...(dlq === undefined ? {} : { dlq }),
    maxDepth: numberOf(parameters['maxDepth']) ?? defaults.maxDepth,
    maxAgeSeconds: numberOf(parameters['maxAgeSeconds']) ?? defaults.maxAgeSeconds,
    ...(processingSeconds === undefined ? {} : { processingSeconds }),
    observeSeconds: numberOf(parameters['observeSeconds']) ?? defaults.observeSeconds,
    ...(region === undefined ? {} : { region }),
  };
}

/** `orders` of its URL, its ARN and of itself. */
export function queueName(queueOrArn: string): string {
  return queueOrArn.slice(Math.max(queueOrArn.lastIndexOf('/'), queueOrArn.lastIndexOf(':')) + 1);
}

export function identity(parameters: JsonObject): string | undefined {
  const { queue: named } = settingsOf(parameters);
  return named === '' ? undefined : `sqs:${queueName(named)}`;
}

export function doubts(given: JsonObject): readonly Doubt[] {
  const { queue: named, dlq, maxAgeSeconds, processingSeconds = 0 } = settingsOf(given);
  return [
    ...(dlq !== undefined && queueName(dlq) === queueName(named)
      ? [{ field: 'dlq', message: 'is the queue itself' }]
      : []),
    ...(processingSeconds > maxAgeSeconds
      ? [
          {
            field: 'processingSeconds',
            message: `is above maxAgeSeconds (${maxAgeSeconds}): a message is too old while it is worked on as long as it may be`,
          },
        ]
      : []),
  ];
}
