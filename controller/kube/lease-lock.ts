import { createHash } from 'node:crypto';
import type { KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import { isAborted } from './control-errors.ts';
import { type Hold, LeaseSlot, leases } from './lease.ts';
import type { Log } from './observe.ts';

/** All locks are ours, or one of them is another's. */
export type Acquired =
  | { readonly acquired: true }
  | {
      readonly acquired: false;
      /** The first that is taken. */
      readonly name: string;
      /** Who has it; undefined when somebody else was quicker just now. */
      readonly holder: string | undefined;
      /** It is not free before, unless released. */
      readonly retryAfterMs: number;
    };

export interface LeaseLocksOptions {
  readonly client: KubeClient;
  /** Of the Leases: the operator's own. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A lock whose holder has not renewed it for this long is free. */
  readonly durationMs?: number;
}

interface HeldLock {
  readonly name: string;
  readonly holder: string;
  readonly renewedMs: number;
}

const requestTimeoutMs = 5000;

/**
 * Exclusive locks on things outside, each a Lease. Holders are UIDs, not processes: after a restart the same session takes its
 * locks again at once. What is held is renewed while `run` runs.
 */
export class LeaseLocks {
  readonly #options: LeaseLocksOptions;
  readonly #durationMs: number;
  readonly #slots = new Map<string, LeaseSlot>();
  readonly #held = new Map<string, HeldLock>();

  constructor(options: LeaseLocksOptions) {
    this.#options = options;
    this.#durationMs = options.durationMs ?? 60_000;
  }

  /**
   * Takes all of `names` for `holder`, or none: in one order, so that two who want the same ones never wait for each other. Those that
   * `holder` has already are renewed. If we die half-way, those taken are found by the next try or expire.
   */
  async acquire(names: readonly string[], holder: string, signal: AbortSignal): Promise<Acquired> {
    const taken: string[] = [];
    try {
      for (const name of sorted(names)) {
        const had = this.#held.get(name)?.holder === holder;
        const hold = await this.#take(name, holder, signal);
        if (!had) taken.push(name);
        if (hold.held) continue;
        await this.release(taken, holder, signal);
        return { acquired: false, name, holder: hold.holder, retryAfterMs: hold.leftMs };
      }
      return { acquired: true };
    } catch (error) {
      // Nobody may come back for them: no longer renewed, they expire.
      for (const name of taken) this.#held.delete(name);
      throw error;
    }
  }

  /** Who holds any lock here, so that locks of a holder that is no more can be released. */
  holders(): ReadonlyMap<string, readonly string[]> {
    return Map.groupBy(this.#held.keys(), (name) => this.#held.get(name)?.holder ?? '');
  }

  /** Lets go of those that `holder` has, also when they were taken before a restart. */
  async release(names: readonly string[], holder: string, signal: AbortSignal): Promise<void> {
    for (const name of sorted(names)) {
      if (this.#held.get(name)?.holder === holder) this.#held.delete(name);
      await this.#slot(name).release(holder, signal, true);
    }
  }

  /** Whether all are held at this very moment, also right after a pause of the whole process. */
  isHeld(names: readonly string[], holder: string): boolean {
    const now = this.#options.clock.monotonicMs();
    return names.every((name) => {
      const lock = this.#held.get(name);
      return lock?.holder === holder && now - lock.renewedMs < this.#durationMs;
    });
  }

  /** Renews what is held until the signal aborts. Nothing is released then: the holders go on after a restart. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(this.#durationMs / 4, signal).catch(() => undefined);
      for (const lock of this.#held.values()) {
        if (signal.aborted) return;
        await this.#renew(lock, signal);
      }
    }
  }

  async #renew(lock: HeldLock, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    const { name, holder } = lock;
    const sentMs = clock.monotonicMs();
    try {
      const hold = await this.#slot(name).hold(holder, signal);
      if (this.#held.get(name) !== lock) return await this.#releaseAgain(name, holder, hold.held, signal);
      if (hold.held) this.#held.set(name, { name, holder, renewedMs: sentMs });
      else if (hold.holder !== undefined) this.#lost(lock, hold.holder);
    } catch (error) {
      if (!isAborted(error, signal)) log.warn('a lock could not be renewed', { lock: name, holder, error });
    }
  }

  /** The lock was released while its renewal was under way, which may have made it anew. */
  async #releaseAgain(name: string, holder: string, held: boolean, signal: AbortSignal): Promise<void> {
    if (held && this.#held.get(name) === undefined) await this.#slot(name).release(holder, signal, true);
  }

  async #take(name: string, holder: string, signal: AbortSignal): Promise<Hold> {
    const sentMs = this.#options.clock.monotonicMs();
    const hold = await this.#slot(name).hold(holder, signal);
    if (hold.held) this.#held.set(name, { name, holder, renewedMs: sentMs });
    return hold;
  }

  #lost(lock: HeldLock, to: string): void {
    this.#held.delete(lock.name);
    this.#options.log.error('a lock was lost', { lock: lock.name, holder: lock.holder, to });
  }

  #slot(name: string): LeaseSlot {
    const present = this.#slots.get(name);
    if (present !== undefined) return present;
    const { client, namespace, clock } = this.#options;
    const key = { namespace, name: leaseName(name) };
    const annotations = { 'threehops.dev/lock': name };
    const timing = { durationMs: this.#durationMs, timeoutMs: requestTimeoutMs, clock };
    const slot = new LeaseSlot({ client: client.resource(leases), key, annotations, ...timing });
    this.#slots.set(name, slot);
    return slot;
  }
}

/** The Lease for a lock: what is locked has names that Kubernetes does not allow. */
export function leaseName(lock: string): string {
  return `threehops-lock-${createHash('sha256').update(lock).digest('hex').slice(0, 32)}`;
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted((a, b) => (leaseName(a) < leaseName(b) ? -1 : 1));
}
