import type { Clock } from './clock.ts';
import { type Counter, type Histogram, type Metrics } from './observe.ts';

const seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];

/** The metrics of a work queue, under the names that client-go's dashboards know. */
export class QueueMetrics {
  readonly #labels: { readonly name: string };
  readonly #clock: Clock;
  readonly #adds: Counter;
  readonly #retries: Counter;
  readonly #waited: Histogram;
  readonly #worked: Histogram;

  constructor(name: string, metrics: Metrics, clock: Clock) {
    this.#labels = { name };
    this.#clock = clock;
    this.#adds = metrics.counter('workqueue_adds_total', 'Requests added to the queue.', ['name']);
    this.#retries = metrics.counter('workqueue_retries_total', 'Requests added again after a failure.', ['name']);
    this.#waited = metrics.histogram('workqueue_queue_duration_seconds', 'Time in the queue.', ['name'], seconds);
    this.#worked = metrics.histogram('workqueue_work_duration_seconds', 'Time in work.', ['name'], seconds);
  }

  /** Sets the gauges at each scrape: `depth` waiting, and when each request in work was started. */
  watch(metrics: Metrics, depth: () => number, startedAtMs: () => Iterable<number>): void {
    const depthGauge = metrics.gauge('workqueue_depth', 'Requests waiting.', ['name']);
    const unfinished = metrics.gauge('workqueue_unfinished_work_seconds', 'Sum of the ages of work begun.', ['name']);
    const longest = metrics.gauge('workqueue_longest_running_processor_seconds', 'Age of the oldest work.', ['name']);
    depthGauge.onScrape(() => {
      const now = this.#clock.monotonicMs();
      const ages = Array.from(startedAtMs(), (start) => (now - start) / 1000);
      depthGauge.set(this.#labels, depth());
      unfinished.set(
        this.#labels,
        ages.reduce((sum, age) => sum + age, 0),
      );
      longest.set(this.#labels, Math.max(0, ...ages));
    });
  }

  added(): void {
    this.#adds.inc(this.#labels);
  }

  retried(): void {
    this.#retries.inc(this.#labels);
  }

  started(addedAtMs: number): void {
    this.#waited.observe(this.#labels, (this.#clock.monotonicMs() - addedAtMs) / 1000);
  }

  finished(startedAtMs: number): void {
    this.#worked.observe(this.#labels, (this.#clock.monotonicMs() - startedAtMs) / 1000);
  }
}
