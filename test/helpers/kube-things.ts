import type { FakeClock } from './fake-clock.ts';
import { resource } from '../../controller/kube/resource.ts';
import type { KubeObject } from '../../controller/kube/object.ts';
import type { Counter, Gauge, Histogram, Labels, Log, Metrics } from '../../controller/kube/observe.ts';

/** A small resource for tests. */
export interface Thing extends KubeObject {
  readonly spec?: { readonly size?: number; readonly note?: string };
  readonly status?: { readonly phase?: string };
}

export const things = resource<Thing>('test.dev', 'v1', 'things', 'Thing');

export function thing(name: string, size = 1, namespace = 'default'): Thing {
  return { apiVersion: 'test.dev/v1', kind: 'Thing', metadata: { namespace, name }, spec: { size } };
}

/** A signal that nobody aborts. */
export const forever = new AbortController().signal;

/** Polls until `check` is true; throws after `timeoutMs`. */
export async function eventually(what: string, check: () => boolean, timeoutMs = 5000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!check()) {
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Moves a fake clock in steps until `check` is true, giving real sockets time in between. */
export async function advanceUntil(
  clock: FakeClock,
  stepMs: number,
  what: string,
  check: () => boolean,
): Promise<void> {
  for (let steps = 0; steps < 400; steps += 1) {
    if (check()) return;
    await clock.advance(stepMs);
    for (let turns = 0; turns < 5 && !check(); turns += 1) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`waited ${400 * stepMs} ms of the fake clock for ${what}`);
}

/** The error of a promise that must reject. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

/** A log that keeps its lines. */
export class RecordingLog implements Log {
  readonly lines: { level: string; message: string; fields: object }[];
  readonly #bound: object;

  constructor(lines: RecordingLog['lines'] = [], bound: object = {}) {
    this.lines = lines;
    this.#bound = bound;
  }

  debug = (message: string, fields: object = {}): void => this.#keep('debug', message, fields);
  info = (message: string, fields: object = {}): void => this.#keep('info', message, fields);
  warn = (message: string, fields: object = {}): void => this.#keep('warn', message, fields);
  error = (message: string, fields: object = {}): void => this.#keep('error', message, fields);

  child(fields: object): Log {
    return new RecordingLog(this.lines, { ...this.#bound, ...fields });
  }

  #keep(level: string, message: string, fields: object): void {
    this.lines.push({ level, message, fields: { ...this.#bound, ...fields } });
  }
}

/** Metrics that can be asked. */
export class RecordingMetrics implements Metrics {
  readonly #values = new Map<string, number>();
  readonly #refresh: (() => void)[] = [];

  /** The value of a counter or gauge, the number of observations of a histogram; 0 when there is none. */
  value(name: string, labels: Labels = {}): number {
    for (const refresh of this.#refresh) refresh();
    return this.#values.get(sample(name, labels)) ?? 0;
  }

  counter(name: string): Counter {
    return { inc: (labels, by = 1) => this.#add(sample(name, labels), by) };
  }

  gauge(name: string): Gauge {
    return {
      set: (labels, value) => void this.#values.set(sample(name, labels), value),
      onScrape: (refresh) => void this.#refresh.push(refresh),
    };
  }

  histogram(name: string): Histogram {
    return { observe: (labels) => this.#add(sample(name, labels), 1) };
  }

  #add(key: string, by: number): void {
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
  }
}

function sample(name: string, labels: Labels): string {
  return `${name}${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
}
