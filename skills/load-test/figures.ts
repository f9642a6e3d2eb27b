import { round } from '../lib/statistics.ts';
import { type Histogram, histogramPercentile } from './histogram.ts';

/** What a load came to, added up. */
export interface Totals {
  readonly requests: number;
  readonly errors: number;
  readonly tookMs: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly latencies: Histogram;
}

const names = [
  'requests',
  'requestsPerMinute',
  'errorsPerMillion',
  'p50Microseconds',
  'p95Microseconds',
  'p99Microseconds',
] as const;

/** The same in whole numbers, which a status can hold. */
export type LoadFigures = Readonly<Record<(typeof names)[number], number>>;

/** Undefined when nothing was sent. */
export function figuresOf({ requests, errors, tookMs, latencies }: Totals): LoadFigures | undefined {
  if (requests === 0) return undefined;
  const micros = (percent: number): number => Math.round(histogramPercentile(latencies, percent) * 1000);
  return {
    requests,
    requestsPerMinute: Math.round((requests / Math.max(tookMs, 1)) * 60_000),
    errorsPerMillion: Math.round((errors / requests) * 1_000_000),
    p50Microseconds: micros(50),
    p95Microseconds: micros(95),
    p99Microseconds: micros(99),
  };
}

/** As a status holds them; undefined where one is missing. */
export function figuresFrom(held: Readonly<Record<string, number>> = {}): LoadFigures | undefined {
  const values = names.flatMap((name) => (held[name] === undefined ? [] : [[name, held[name]] as const]));
  // All names are there.
  return values.length === names.length ? (Object.fromEntries(values) as LoadFigures) : undefined;
}

export function rate({ requestsPerMinute }: LoadFigures): string {
  return `${round(requestsPerMinute / 60, 1)}/s`;
}

export function milliseconds(microseconds: number): number {
  return round(microseconds / 1000, 1);
}

export function percent(perMillion: number): string {
  const value = perMillion / 10_000;
  return `${round(value, value < 1 ? 4 : 2)} %`;
}
