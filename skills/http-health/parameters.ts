import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import type { Doubt } from '../skill.ts';
import { isDefined, listOf, numberOf, textOf } from '../lib/reading.ts';

const status = { type: 'integer', minimum: 100, maximum: 599 };

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: {
      type: 'string',
      pattern: '^https?://[^@/]+(/.*)?$',
      maxLength: 2048,
      description: 'without credentials',
    },
    method: { enum: ['GET', 'HEAD'], default: 'GET' },
    expectStatus: {
      description: 'One status or several; anything below 400 when left out',
      anyOf: [status, { type: 'array', minItems: 1, maxItems: 10, items: status }],
    },
    maxLatencyMs: { type: 'number', minimum: 1, maximum: 60_000, default: 2_000, description: '95th percentile' },
    baselineLatencyMs: {
      type: 'number',
      minimum: 1,
      maximum: 60_000,
      description:
        'Its usual 95th percentile: slow is then what takes maxLatencyRatio times that, whatever maxLatencyMs is',
    },
    maxLatencyRatio: { type: 'number', minimum: 1, maximum: 100, default: 3 },
    maxErrorPercent: { type: 'number', minimum: 0, maximum: 100, default: 0 },
    samples: { type: 'integer', minimum: 1, maximum: 50, default: 10 },
    intervalMs: { type: 'integer', minimum: 10, maximum: 5_000, default: 200, description: 'between two samples' },
    timeoutMs: { type: 'integer', minimum: 100, maximum: 10_000, default: 4_000, description: 'of one sample' },
    bodyContains: { type: 'string', minLength: 1, maxLength: 1_000 },
    tlsDays: { type: 'integer', minimum: 0, maximum: 365, default: 14, description: 'a certificate must last so long' },
  },
};

export interface HttpParameters {
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  /** Empty: anything below 400. */
  readonly expectStatus: readonly number[];
  /** Of the 95th percentile: by its baseline where that is known, else what is allowed to any page. */
  readonly maxLatencyMs: number;
  readonly baselineLatencyMs: number | undefined;
  readonly maxErrorPercent: number;
  readonly samples: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly bodyContains: string | undefined;
  readonly tlsDays: number;
}

/** Defaults are repeated here, because checks also meet nodes whose `with` was kept as it was written. */
export function httpParameters(parameters: JsonObject): HttpParameters {
  const number = (name: string, byDefault: number): number => numberOf(parameters[name]) ?? byDefault;
  const expected = parameters['expectStatus'];
  const baselineLatencyMs = numberOf(parameters['baselineLatencyMs']);
  return {
    url: textOf(parameters['url']) ?? '',
    method: parameters['method'] === 'HEAD' ? 'HEAD' : 'GET',
    expectStatus: typeof expected === 'number' ? [expected] : listOf(expected).map(numberOf).filter(isDefined),
    maxLatencyMs:
      baselineLatencyMs === undefined
        ? number('maxLatencyMs', 2_000)
        : baselineLatencyMs * number('maxLatencyRatio', 3),
    baselineLatencyMs,
    maxErrorPercent: number('maxErrorPercent', 0),
    samples: number('samples', 10),
    intervalMs: number('intervalMs', 200),
    timeoutMs: number('timeoutMs', 4_000),
    bodyContains: textOf(parameters['bodyContains']),
    tlsDays: number('tlsDays', 14),
  };
}

/** Origin and path, normalised: two maps that watch the same page are one node. */
export function httpIdentity(parameters: JsonObject): string | undefined {
  const url = URL.parse(textOf(parameters['url']) ?? '');
  return url === null ? undefined : `http:${url.origin}${url.pathname}`;
}

export function placeOf(parameters: JsonObject): Readonly<Record<string, string | number | undefined>> {
  const url = URL.parse(textOf(parameters['url']) ?? '');
  const port = url === null || url.port === '' ? undefined : Number(url.port);
  return { url: url?.href, host: url?.hostname, port };
}

export function doubts(given: JsonObject): readonly Doubt[] {
  const { baselineLatencyMs, maxLatencyMs, maxErrorPercent, timeoutMs } = httpParameters(given);
  const field = baselineLatencyMs === undefined ? 'maxLatencyMs' : 'maxLatencyRatio';
  return [
    ...(maxLatencyMs >= timeoutMs
      ? [
          {
            field,
            message: `is never exceeded: ${maxLatencyMs} ms, and a sample is given up after ${timeoutMs} (timeoutMs)`,
          },
        ]
      : []),
    ...(maxErrorPercent === 100
      ? [{ field: 'maxErrorPercent', message: 'is never exceeded: all requests may fail' }]
      : []),
  ];
}
