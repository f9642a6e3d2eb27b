import type { Json, JsonObject } from '../../controller/api/json.ts';
import { numberOf, objectOf, textOf } from '../lib/reading.ts';

/** The `tests.load` block of a map, its defaults filled in as the CRD has them. */
export interface LoadBlock {
  readonly url: string;
  readonly method: string;
  readonly body: string | undefined;
  readonly connections: number;
  readonly requestsPerSecond: number;
  readonly durationSeconds: number;
  readonly maxErrorsPerMillion: number;
  readonly maxP95Milliseconds: number | undefined;
}

/** Undefined where the map declares no load test. */
export function loadBlockOf(thresholds: JsonObject): LoadBlock | undefined {
  const block = objectOf(objectOf(thresholds['tests'])['load']);
  const url = textOf(block['url']);
  if (url === undefined) return undefined;
  const number = (value: Json | undefined, byDefault: number): number => numberOf(value) ?? byDefault;
  return {
    url,
    method: textOf(block['method']) ?? 'GET',
    body: textOf(block['body']),
    connections: number(block['connections'], 5),
    requestsPerSecond: number(block['requestsPerSecond'], 50),
    durationSeconds: number(block['durationSeconds'], 10),
    maxErrorsPerMillion: number(block['maxErrorsPerMillion'], 10_000),
    maxP95Milliseconds: numberOf(block['maxP95Milliseconds']),
  };
}
