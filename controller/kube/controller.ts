import type { Clock } from './clock.ts';
import { isAborted, Terminal, Wait } from './control-errors.ts';
import { ControllerMetrics, type ReconcileOutcome } from './controller-metrics.ts';
import { ApiError } from './errors.ts';
import { type Request } from './object.ts';
import { type Log, type Metrics, noLog, noMetrics } from './observe.ts';
import { WorkQueue } from './queue.ts';

/** When to come back; never by itself when empty. A change of the object always comes back. */
export interface Result {
  readonly requeueAfterMs?: number;
}

/**
 * Brings one object a step towards what it should be. Throws `Wait` to come back later, `Terminal` when only a change of the
 * object helps, anything else to be called again with backoff. Must stop soon when the signal aborts.
 */
export type Reconcile = (request: Request, signal: AbortSignal, log: Log) => Promise<Result>;

export interface ControllerOptions {
  readonly name: string;
  readonly reconcile: Reconcile;
  readonly clock: Clock;
  readonly workers?: number;
  readonly queue?: WorkQueue;
  readonly log?: Log;
  readonly metrics?: Metrics;
  /** A reconciliation is aborted after this long. */
  readonly timeoutMs?: number;
  /** From this age on a reconciliation shows as stuck in the metrics. */
  readonly stuckMs?: number;
}

/** Workers that take requests from a queue and reconcile them. */
export class Controller {
  readonly queue: WorkQueue;
  readonly #name: string;
  readonly #reconcile: Reconcile;
  readonly #clock: Clock;
  readonly #workers: number;
  readonly #log: Log;
  readonly #metrics: ControllerMetrics;
  readonly #timeoutMs: number;
  #sequence = 0;

  constructor(options: ControllerOptions) {
    const { name, clock, metrics = noMetrics, workers = 10, timeoutMs = 60_000, stuckMs = 30_000 } = options;
    this.queue = options.queue ?? new WorkQueue({ name, clock, metrics });
    this.#name = name;
    this.#reconcile = options.reconcile;
    this.#clock = clock;
    this.#workers = workers;
    this.#timeoutMs = timeoutMs;
    this.#log = (options.log ?? noLog).child({ controller: name });
    this.#metrics = new ControllerMetrics(name, metrics, clock);
    this.#metrics.watch(metrics, workers, stuckMs, () => this.queue.inWork().values());
  }

  /** Works until `finish` or until the signal aborts, which aborts what is in work; resolves when nothing is in work any more. */
  async run(signal: AbortSignal): Promise<void> {
    const onAbort = (): void => this.queue.stop();
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.all(Array.from({ length: this.#workers }, () => this.#work(signal)));
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Takes nothing more; what is in work or waits for a worker is done, and then `run` resolves. */
  finish(): void {
    this.queue.finish();
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (;;) {
      const request = await this.queue.take();
      if (request === undefined) return;
      await this.#handle(request, signal);
      this.queue.done(request);
    }
  }

  async #handle(request: Request, signal: AbortSignal): Promise<void> {
    const startedMs = this.#clock.monotonicMs();
    this.#sequence += 1;
    const { namespace, name } = request;
    const log = this.#log.child({ namespace, name, reconcileId: `${this.#name}-${this.#sequence}` });
    const attempt = new AbortController();
    const onAbort = (): void => attempt.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const cancel = this.#clock.timer(this.#timeoutMs, () => attempt.abort(new ReconcileTimeout(this.#timeoutMs)));
    const outcome = await this.#attempt(request, attempt.signal, log);
    cancel();
    signal.removeEventListener('abort', onAbort);
    this.#metrics.ended(outcome, startedMs);
  }

  async #attempt(request: Request, signal: AbortSignal, log: Log): Promise<ReconcileOutcome> {
    try {
      const { requeueAfterMs } = await this.#reconcile(request, signal, log);
      this.queue.forget(request);
      if (requeueAfterMs === undefined) return 'success';
      this.queue.addAfter(request, requeueAfterMs);
      return requeueAfterMs > 0 ? 'requeue_after' : 'requeue';
    } catch (error) {
      return this.#failed(request, error, signal, log);
    }
  }

  #failed(request: Request, error: unknown, signal: AbortSignal, log: Log): ReconcileOutcome {
    if (error instanceof Wait) {
      this.queue.forget(request);
      this.queue.addAfter(request, error.afterMs);
      log.debug('waiting', { reason: error.reason, afterMs: error.afterMs });
      return 'requeue_after';
    }
    if (error instanceof Terminal) {
      this.queue.forget(request);
      this.#metrics.failed('terminal');
      log.error('reconciliation failed for good', { reason: error.reason, error });
      return 'error';
    }
    const timedOut = signal.reason instanceof ReconcileTimeout;
    if (signal.aborted && !timedOut && isAborted(error, signal)) {
      this.queue.addRateLimited(request);
      return 'requeue';
    }
    this.#metrics.failed(isPanic(error) ? 'panic' : 'retry');
    const atLeastMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
    const delayMs = Math.round(this.queue.addRateLimited(request, atLeastMs));
    log.warn('reconciliation failed', { delayMs, failures: this.queue.failuresOf(request), error });
    return 'error';
  }
}

/** The reconciliation took too long and was aborted. */
export class ReconcileTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`not done within ${timeoutMs} ms`);
    this.name = 'ReconcileTimeout';
  }
}

/** A defect of the program rather than of the world. */
function isPanic(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    error instanceof ReferenceError ||
    error instanceof RangeError ||
    !(error instanceof Error)
  );
}
