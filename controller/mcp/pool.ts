import type { JsonObject } from '../api/json.ts';
import type { Clock } from '../kube/clock.ts';
import type { ToolClient } from './client.ts';
import type { ToolCredentials } from './credentials.ts';
import type { Dialer } from './dialer.ts';
import {
  type EmbeddedClient,
  type EmbeddedClientOptions,
  startEmbedded,
  type ToolCallEvent,
} from './embedded-client.ts';
import { ToolUnavailable } from './errors.ts';
import type { ToolAccess } from './server.ts';
import type { EmbeddedServer } from './tool.ts';

export interface ToolPoolOptions extends Omit<EmbeddedClientOptions, 'access'> {
  readonly servers: readonly EmbeddedServer[];
  /** `servers` of the operator's configuration: settings by server id. */
  readonly settings: Readonly<Record<string, JsonObject>>;
  /** The dialer for a client, narrowed to the hosts that its credentials allow. */
  readonly dialerFor: (credentials: ToolCredentials, access: ToolAccess) => Dialer;
  readonly clock: Clock;
  /** A client that nobody asked for in this time is closed, so that rotated credentials do not pile up; 10 min. */
  readonly idleMs?: number;
}

interface Entry {
  readonly started: Promise<EmbeddedClient>;
  /** Set once started, so that what is open and idle can be seen without waiting. */
  running?: EmbeddedClient;
  lastUsedMs: number;
}

const defaultIdleMs = 600_000;

/** One client for each (server, credentials, access), started once and kept. Settings are the operator's and do not change. */
export class ToolPool {
  readonly #options: ToolPoolOptions;
  readonly #servers: ReadonlyMap<string, EmbeddedServer>;
  readonly #entries = new Map<string, Entry>();
  readonly #stop = new AbortController();

  constructor(options: ToolPoolOptions) {
    this.#options = options;
    this.#servers = new Map(options.servers.map((server) => [server.id, server]));
  }

  /**
   * The client for a server; concurrent callers share one start, and one that gives up does not end it for the others.
   * @throws ToolUnavailable, ToolTimeout; the signal's reason.
   */
  async get(
    serverId: string,
    credentials: ToolCredentials,
    access: ToolAccess,
    signal: AbortSignal,
  ): Promise<ToolClient> {
    signal.throwIfAborted();
    this.#closeIdle();
    const key = [serverId, access, credentials.digest].join('\n');
    const entry = this.#usable(key) ?? this.#start(key, this.#known(serverId), credentials, access);
    entry.lastUsedMs = this.#options.clock.monotonicMs();
    return (await untilAborted(entry.started, signal)).client;
  }

  /** Clients that are up, for a gauge. */
  get size(): number {
    return this.#entries.size;
  }

  /** Closes all clients and backends; later gets fail. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('the pool is closed'));
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.allSettled(entries.map(async (entry) => (await entry.started).close()));
  }

  #known(serverId: string): EmbeddedServer {
    const address = { server: serverId, tool: 'connect' };
    if (this.#stop.signal.aborted) throw new ToolUnavailable(address, 'the operator is stopping');
    const server = this.#servers.get(serverId);
    if (server === undefined) throw new ToolUnavailable(address, 'no such server');
    return server;
  }

  #usable(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.running === undefined || entry.running.client.open) return entry;
    this.#discard(key, entry);
    return undefined;
  }

  #start(key: string, server: EmbeddedServer, credentials: ToolCredentials, access: ToolAccess): Entry {
    const connection = {
      settings: this.#options.settings[server.id] ?? {},
      credentials: credentials.data,
      dialer: this.#options.dialerFor(credentials, access),
    };
    const onCall = (event: ToolCallEvent): void => {
      entry.lastUsedMs = this.#options.clock.monotonicMs();
      this.#options.onCall?.(event);
    };
    const started = startEmbedded(server, connection, { ...this.#options, access, onCall }, this.#stop.signal);
    const entry: Entry = { started, lastUsedMs: this.#options.clock.monotonicMs() };
    this.#entries.set(key, entry);
    started.then(
      (running) => {
        entry.running = running;
      },
      // A start that failed is not kept: the next caller tries again.
      () => this.#forget(key, entry),
    );
    return entry;
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  #closeIdle(): void {
    const before = this.#options.clock.monotonicMs() - (this.#options.idleMs ?? defaultIdleMs);
    for (const [key, entry] of this.#entries) {
      if (entry.lastUsedMs < before && entry.running?.client.idle === true) this.#discard(key, entry);
    }
  }

  #discard(key: string, entry: Entry): void {
    this.#forget(key, entry);
    // A backend that fails to close has nobody left to tell.
    entry.running?.close().catch(() => undefined);
  }
}

/** Settles with `work`, or rejects with the signal's reason; `work` goes on for those who still wait. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const gaveUp = Promise.withResolvers<never>();
  const onAbort = (): void => gaveUp.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, gaveUp.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
