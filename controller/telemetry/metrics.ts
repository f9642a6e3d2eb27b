import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/** Makes metrics and shows them in Prometheus' text format. Asking twice for one name gives the same metric. */
export class MetricsRegistry {
  readonly #registry = new Registry();
  readonly #refreshers = new Map<string, (() => void)[]>();

  /** Process and Node metrics (memory, CPU, event loop lag, garbage collection) under their usual names. */
  collectProcessMetrics(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  counter(name: string, help: string, labelNames: readonly string[]): { inc(labels: Labels, by?: number): void } {
    const counter =
      this.#present(name, Counter) ??
      new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
    return { inc: (labels, by = 1) => counter.inc(labels, by) };
  }

  /** `onScrape` is called before each scrape, to set values that only make sense then. */
  gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
  ): { set(labels: Labels, value: number): void; onScrape(refresh: () => void): void } {
    const refreshers = this.#refreshers.get(name) ?? [];
    this.#refreshers.set(name, refreshers);
    const collect = (): void => refreshers.forEach((refresh) => refresh());
    const gauge =
      this.#present(name, Gauge) ??
      new Gauge({ name, help, labelNames: [...labelNames], collect, registers: [this.#registry] });
    return {
      set: (labels, value) => gauge.set(labels, value),
      onScrape: (refresh) => void refreshers.push(refresh),
    };
  }

  histogram(
    name: string,
    help: string,
    labelNames: readonly string[],
    buckets: readonly number[],
  ): { observe(labels: Labels, value: number): void } {
    const options = { name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [this.#registry] };
    const histogram = this.#present(name, Histogram) ?? new Histogram(options);
    return { observe: (labels, value) => histogram.observe(labels, value) };
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything, in the text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #present<M extends object>(name: string, kind: abstract new (...settings: never[]) => M): M | undefined {
    const metric: unknown = this.#registry.getSingleMetric(name);
    if (metric === undefined) return undefined;
    if (!(metric instanceof kind)) throw new TypeError(`the metric ${name} is of another kind`);
    return metric;
  }
}
