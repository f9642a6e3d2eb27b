import type { Clock } from './clock.ts';
import { AlreadyExists, Conflict, NotFound } from './errors.ts';
import { microTime } from './micro-time.ts';
import type { KubeObject, ObjectKey } from './object.ts';
import { resource } from './resource.ts';
import type { ResourceClient } from './resource-client.ts';

export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

export const leases = resource<Lease>('coordination.k8s.io', 'v1', 'leases', 'Lease');

/** Whether we hold a lease now; if not, who does and how long at least. */
export type Hold =
  | { readonly held: true }
  | { readonly held: false; readonly holder: string | undefined; readonly leftMs: number };

export interface LeaseSlotOptions {
  readonly client: ResourceClient<Lease>;
  readonly key: ObjectKey & { readonly namespace: string };
  readonly durationMs: number;
  /** For each request. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * One Lease, seen from here. Another's is expired only when it has not changed for its whole duration *while we looked*: times
 * written by other machines are never compared with ours, so skewed clocks steal nothing.
 */
export class LeaseSlot {
  readonly #options: LeaseSlotOptions;
  /** As last read or written; undefined when it has to be read. */
  #lease: Lease | undefined;
  #observed = { record: '', sinceMs: 0 };

  constructor(options: LeaseSlotOptions) {
    this.#options = options;
  }

  /** Takes or renews the lease for `identity`. Throws what the API throws; Conflict and AlreadyExists mean "not held". */
  async hold(identity: string, signal: AbortSignal): Promise<Hold> {
    const known = this.#lease;
    // Should the write fail in any way, the next try reads first.
    this.#lease = undefined;
    const mine = known?.spec?.holderIdentity === identity ? known : await this.#read(signal);
    const busy = this.#busy(mine, identity);
    if (busy !== undefined) return busy;
    try {
      this.#lease = await this.#write(mine, identity, signal);
      return { held: true };
    } catch (error) {
      if (isLostRace(error)) return { held: false, holder: undefined, leftMs: 0 };
      throw error;
    }
  }

  /** Lets go of the lease if `identity` still holds it. `remove` deletes it, else it stays without a holder. */
  async release(identity: string, signal: AbortSignal, remove = false): Promise<void> {
    const { client, key, timeoutMs } = this.#options;
    const lease = await this.#read(signal);
    this.#lease = undefined;
    if (lease?.spec?.holderIdentity !== identity) return;
    const { uid = '', resourceVersion = '' } = lease.metadata ?? {};
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
    try {
      if (remove) await client.delete(key, signal, { uid, resourceVersion, timeoutMs });
      else await client.replace({ ...lease, spec }, signal, { timeoutMs });
    } catch (error) {
      if (!isLostRace(error)) throw error;
    }
  }

  #write(lease: Lease | undefined, identity: string, signal: AbortSignal): Promise<Lease> {
    const { client, key, timeoutMs, annotations } = this.#options;
    const spec = this.#next(lease, identity);
    const marks = { ...lease?.metadata?.annotations, ...annotations };
    const metadata = { ...lease?.metadata, ...key, annotations: marks };
    if (lease === undefined) return client.create({ metadata, spec }, signal, { timeoutMs });
    return client.replace({ ...lease, metadata, spec }, signal, { timeoutMs });
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    const { client, key, timeoutMs } = this.#options;
    try {
      return await client.get(key, signal, { timeoutMs });
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  #busy(lease: Lease | undefined, identity: string): Hold | undefined {
    const holder = lease?.spec?.holderIdentity ?? '';
    if (holder === '' || holder === identity) return undefined;
    const now = this.#options.clock.monotonicMs();
    const record = JSON.stringify(lease?.spec);
    if (record !== this.#observed.record) this.#observed = { record, sinceMs: now };
    const durationMs = (lease?.spec?.leaseDurationSeconds ?? 0) * 1000;
    const leftMs = this.#observed.sinceMs + durationMs - now;
    return leftMs > 0 ? { held: false, holder, leftMs } : undefined;
  }

  #next(lease: Lease | undefined, identity: string): LeaseSpec {
    const { clock, durationMs } = this.#options;
    const renewTime = microTime(clock.now());
    const before = lease?.spec;
    const same = before?.holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(durationMs / 1000),
      acquireTime: same ? (before.acquireTime ?? renewTime) : renewTime,
      renewTime,
      leaseTransitions: (before?.leaseTransitions ?? 0) + (same || before === undefined ? 0 : 1),
    };
  }
}

/** Somebody else wrote first. */
function isLostRace(error: unknown): boolean {
  return error instanceof Conflict || error instanceof AlreadyExists || error instanceof NotFound;
}
