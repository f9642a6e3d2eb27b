/** Label values of one sample. */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  inc(labels: Labels, by?: number): void;
}

export interface Gauge {
  set(labels: Labels, value: number): void;
  /** `refresh` runs before each scrape and sets the values that only make sense then, such as an age. */
  onScrape(refresh: () => void): void;
}

export interface Histogram {
  observe(labels: Labels, value: number): void;
}

/** What the runtime asks of a metrics registry. Asking twice for one name gives the same metric. */
export interface Metrics {
  counter(name: string, help: string, labelNames: readonly string[]): Counter;
  gauge(name: string, help: string, labelNames: readonly string[]): Gauge;
  histogram(name: string, help: string, labelNames: readonly string[], buckets: readonly number[]): Histogram;
}

/** What the runtime asks of a logger: a constant message, and what varies in the fields. */
export interface Log {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
  child(fields: object): Log;
}

const nothing = (): void => undefined;

/** Metrics that go nowhere. */
export const noMetrics: Metrics = {
  counter: () => ({ inc: nothing }),
  gauge: () => ({ set: nothing, onScrape: nothing }),
  histogram: () => ({ observe: nothing }),
};

/** A log that goes nowhere. */
export const noLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => noLog };
