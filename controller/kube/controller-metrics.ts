import type { Clock } from './clock.ts';
import { type Counter, type Histogram, type Metrics } from './observe.ts';

/** How a reconciliation ended. */
export type ReconcileOutcome = 'success' | 'requeue_after' | 'requeue' | 'error';

const outcomes: readonly ReconcileOutcome[] = ['success', 'requeue_after', 'requeue', 'error'];
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The metrics of a controller, under controller-runtime's names where it has one. */
export class ControllerMetrics {
  readonly #controller: string;
  readonly #clock: Clock;
  readonly #total: Counter;
  readonly #errors: Counter;
  readonly #terminal: Counter;
  readonly #panics: Counter;
  readonly #time: Histogram;

  constructor(controller: string, metrics: Metrics, clock: Clock) {
    this.#controller = controller;
    this.#clock = clock;
    const label = ['controller'];
    const prefix = 'controller_runtime';
    this.#total = metrics.counter(`${prefix}_reconcile_total`, 'Reconciliations by result.', ['controller', 'result']);
    this.#errors = metrics.counter(`${prefix}_reconcile_errors_total`, 'Reconciliations that failed.', label);
    this.#terminal = metrics.counter(`${prefix}_terminal_reconcile_errors_total`, 'Failures not tried again.', label);
    this.#panics = metrics.counter(`${prefix}_reconcile_panics_total`, 'Failures by a defect of the program.', label);
    this.#time = metrics.histogram(`${prefix}_reconcile_time_seconds`, 'Time of a reconciliation.', label, seconds);
    for (const result of outcomes) this.#total.inc({ controller, result }, 0);
  }

  /** Sets the gauges at each scrape. A reconciliation older than `stuckMs` counts as stuck. */
  watch(metrics: Metrics, workers: number, stuckMs: number, startedAtMs: () => Iterable<number>): void {
    const labels = { controller: this.#controller };
    const active = metrics.gauge('controller_runtime_active_workers', 'Workers at work.', ['controller']);
    const most = metrics.gauge('controller_runtime_max_concurrent_reconciles', 'Workers there are.', ['controller']);
    const help = 'Reconciliations that run for too long.';
    const stuck = metrics.gauge('threehops_stuck_reconciles', help, ['controller']);
    most.set(labels, workers);
    active.onScrape(() => {
      const starts = [...startedAtMs()];
      const now = this.#clock.monotonicMs();
      active.set(labels, starts.length);
      stuck.set(labels, starts.filter((start) => now - start > stuckMs).length);
    });
  }

  ended(result: ReconcileOutcome, startedMs: number): void {
    const controller = this.#controller;
    this.#total.inc({ controller, result });
    this.#time.observe({ controller }, (this.#clock.monotonicMs() - startedMs) / 1000);
  }

  failed(kind: 'retry' | 'terminal' | 'panic'): void {
    const labels = { controller: this.#controller };
    this.#errors.inc(labels);
    if (kind === 'terminal') this.#terminal.inc(labels);
    if (kind === 'panic') this.#panics.inc(labels);
  }
}
