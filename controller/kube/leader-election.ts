import type { Clock } from './clock.ts';
import { isAborted } from './control-errors.ts';
import { LeaseSlot, leases } from './lease.ts';
import type { KubeClient } from './client.ts';
import type { Gauge, Log, Metrics } from './observe.ts';

/** Somebody else may lead from now on. Whatever was done as the leader must stop at once. */
export class LeadershipLost extends Error {
  constructor(options?: ErrorOptions) {
    super('leadership was lost', options);
    this.name = 'LeadershipLost';
  }
}

export interface LeaderElectionOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Unique to this process, such as the Pod's name and a random part. */
  readonly identity: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Others wait this long after our last renewal before they take over. */
  readonly leaseMs?: number;
  /** We stop leading when no renewal succeeded for this long; less than `leaseMs`, so that there never are two leaders. */
  readonly renewDeadlineMs?: number;
  readonly retryMs?: number;
}

/** Leads while it holds a Lease. */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #slot: LeaseSlot;
  readonly #leaseMs: number;
  readonly #deadlineMs: number;
  readonly #retryMs: number;
  readonly #gauge: Gauge;
  /** Before the request of the last renewal that succeeded was sent; undefined when not leading. */
  #renewedMs: number | undefined;

  constructor(options: LeaderElectionOptions) {
    const {
      client,
      namespace,
      name,
      clock,
      metrics,
      leaseMs = 15_000,
      renewDeadlineMs = 10_000,
      retryMs = 2000,
    } = options;
    if (renewDeadlineMs >= leaseMs || retryMs >= renewDeadlineMs) {
      throw new TypeError('a leader election needs retryMs < renewDeadlineMs < leaseMs');
    }
    this.#options = options;
    this.#leaseMs = leaseMs;
    this.#deadlineMs = renewDeadlineMs;
    this.#retryMs = retryMs;
    // At most half the deadline, so that one hanging request leaves time for another.
    const timeoutMs = Math.min(renewDeadlineMs / 2, 5000);
    this.#slot = new LeaseSlot({
      client: client.resource(leases),
      key: { namespace, name },
      durationMs: leaseMs,
      timeoutMs,
      clock,
    });
    this.#gauge = metrics.gauge('leader_election_master_status', 'Whether this process leads.', ['name']);
    this.#gauge.set({ name }, 0);
  }

  /** Whether we lead at this very moment: also right after a pause of the whole process, when no timer has fired yet. */
  get isLeading(): boolean {
    return this.#renewedMs !== undefined && this.#options.clock.monotonicMs() - this.#renewedMs < this.#deadlineMs;
  }

  /**
   * Waits until it leads, then calls `lead`. Its signal aborts with `LeadershipLost` on loss, and with the reason of `signal` on a stop;
   * after a stop the lease is renewed until `lead` has ended, and then released. `lost` aborts on loss alone, also after a stop. Resolves
   * after that; rejects with what `lead` threw, or with LeadershipLost.
   */
  async run(lead: (signal: AbortSignal, lost: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    await this.#acquire(signal);
    if (signal.aborted) return;
    const { log, identity, name } = this.#options;
    log.info('leading', { identity, lease: name });
    this.#gauge.set({ name }, 1);
    const lost = new AbortController();
    const ended = new AbortController();
    const renewing = this.#renew(lost, ended.signal);
    try {
      await this.#untilEndOrLoss(lead(AbortSignal.any([signal, lost.signal]), lost.signal), lost.signal);
    } finally {
      ended.abort();
      await renewing;
      await this.#stepDown(lost.signal.aborted);
    }
  }

  async #acquire(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      if (await this.#tryHold(signal)) return;
      await clock.sleep(this.#retryMs * (1 + 0.2 * clock.random()), signal).catch(() => undefined);
    }
  }

  async #tryHold(signal: AbortSignal): Promise<boolean> {
    const { clock, identity, log } = this.#options;
    const sentMs = clock.monotonicMs();
    try {
      const hold = await this.#slot.hold(identity, signal);
      if (!hold.held) return false;
      this.#renewedMs = sentMs;
      return true;
    } catch (error) {
      if (!isAborted(error, signal)) log.warn('the lease could not be taken', { error });
      return false;
    }
  }

  async #renew(lost: AbortController, ended: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!ended.aborted && !lost.signal.aborted) {
      const leftMs = (this.#renewedMs ?? 0) + this.#deadlineMs - clock.monotonicMs();
      const cancel = clock.timer(leftMs, () => this.#lose(lost));
      await clock
        .sleep(Math.min(this.#retryMs, Math.max(0, leftMs)), AbortSignal.any([ended, lost.signal]))
        .catch(() => undefined);
      if (!ended.aborted && !lost.signal.aborted) await this.#renewOnce(lost, ended);
      cancel();
    }
  }

  async #renewOnce(lost: AbortController, ended: AbortSignal): Promise<void> {
    const { clock, identity, log } = this.#options;
    const sentMs = clock.monotonicMs();
    const signal = AbortSignal.any([ended, lost.signal]);
    try {
      const hold = await this.#slot.hold(identity, signal);
      if (hold.held) this.#renewedMs = sentMs;
      else if (hold.holder !== undefined) this.#lose(lost);
    } catch (error) {
      if (!isAborted(error, signal)) log.warn('the lease could not be renewed', { error });
    }
  }

  #lose(lost: AbortController): void {
    this.#renewedMs = undefined;
    lost.abort(new LeadershipLost());
  }

  /** What `lead` threw or, after a loss, LeadershipLost: then `lead` has the time until others may take over to end. */
  async #untilEndOrLoss(work: Promise<void>, lost: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const over = Promise.withResolvers<void>();
    const onLost = (): void => {
      clock.timer(this.#leaseMs - this.#deadlineMs, () => over.resolve());
    };
    lost.addEventListener('abort', onLost, { once: true });
    await Promise.race([work.catch((error: unknown) => rethrowUnlessLost(error, lost)), over.promise]);
    if (lost.aborted) throw lost.reason as Error;
  }

  async #stepDown(lost: boolean): Promise<void> {
    const { clock, identity, log, name } = this.#options;
    this.#renewedMs = undefined;
    this.#gauge.set({ name }, 0);
    if (lost) return;
    const late = new AbortController();
    const cancel = clock.timer(this.#deadlineMs / 2, () => late.abort());
    await this.#slot
      .release(identity, late.signal)
      .catch((error: unknown) => log.warn('the lease could not be released', { error }));
    cancel();
  }
}

function rethrowUnlessLost(error: unknown, lost: AbortSignal): void {
  if (!lost.aborted) throw error;
}
