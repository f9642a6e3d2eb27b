import type { JsonObject } from '../api/json.ts';
import type { Clock } from '../kube/clock.ts';
import type { ToolClient } from './client.ts';
import type { ToolCallEvent } from './count-calls.ts';
import type { ToolCredentials } from './credentials.ts';
import type { Dialer } from './dialer.ts';
import { type EmbeddedClient, type EmbeddedClientOptions, startEmbedded } from './embedded-client.ts';
import { ToolUnavailable } from './errors.ts';
import { connectForeign, type ForeignServer, StartRefused, type StartProcess } from './foreign-server.ts';
import { Retries } from './retries.ts';
import type { ToolAccess } from './server.ts';
import type { EmbeddedServer } from './tool.ts';

export interface ToolPoolOptions extends Omit<EmbeddedClientOptions, 'access'> {
  readonly servers: readonly EmbeddedServer[];
  /** `servers` of the operator's configuration: settings by server id. */
  readonly settings: Readonly<Record<string, JsonObject>>;
  /** The dialer for a client, narrowed to the hosts that its credentials allow. */
  readonly dialerFor: (credentials: ToolCredentials, access: ToolAccess) => Dialer;
  /** For ToolServers by stdio; without it there are none. */
  readonly startProcess?: StartProcess;
  readonly clock: Clock;
  /** A client that nobody asked for in this time is closed, so that rotated credentials do not pile up; 10 min. */
  readonly idleMs?: number;
}

/** A client, and what ends it with all that was started for it. */
type Running = EmbeddedClient;

/** Which description of a ToolServer, and which credentials. */
export interface ServerVersion {
  readonly version: string;
  readonly digest: string;
}

interface Entry {
  readonly serverId: string;
  /** Of one that a ToolServer describes. */
  readonly version?: string;
  readonly digest: string;
  readonly started: Promise<Running>;
  readonly startedMs: number;
  /** Set once started, so that what is open and idle can be seen without waiting. */
  running?: Running;
  lastUsedMs: number;
}

const defaultIdleMs = 600_000;

/** So many times in that time it is looked what is idle, as nobody may ask for a client any more. */
const looks = 10;

/** A connection that ends sooner than this was a failure as well. */
const shortMs = 5_000;

/**
 * One client for each (server, credentials, access), started once and kept: of an embedded server by its id, whose settings are the
 * operator's and do not change, or of one that a ToolServer describes. The latter are started again with backoff.
 */
export class ToolPool {
  readonly #options: ToolPoolOptions;
  readonly #servers: ReadonlyMap<string, EmbeddedServer>;
  readonly #entries = new Map<string, Entry>();
  readonly #stop = new AbortController();
  readonly #retries: Retries;
  #cancelLook: (() => void) | undefined;

  constructor(options: ToolPoolOptions) {
    this.#options = options;
    this.#retries = new Retries(options.clock);
    this.#servers = new Map(options.servers.map((server) => [server.id, server]));
  }

  /**
   * The client for a server; concurrent callers share one start, and one that gives up does not end it for the others.
   * @throws ToolUnavailable, ToolTimeout; the signal's reason.
   */
  async get(
    server: string | ForeignServer,
    credentials: ToolCredentials,
    access: ToolAccess,
    signal: AbortSignal,
  ): Promise<ToolClient> {
    signal.throwIfAborted();
    this.#closeIdle();
    const key = [...keyOf(server), access, credentials.digest].join('\n');
    const entry = this.#usable(key) ?? this.#start(key, server, credentials, access);
    entry.lastUsedMs = this.#options.clock.monotonicMs();
    return (await untilAborted(entry.started, signal)).client;
  }

  /**
   * Gives up what is kept for a ToolServer, but for that of `current`: it was changed or deleted, or its Secret was. A call that is on its
   * way is let go on to its end.
   */
  forget(serverId: string, current?: ServerVersion): void {
    for (const entry of this.#entries.values()) {
      const isCurrent = entry.version === current?.version && entry.digest === current?.digest;
      if (entry.serverId === serverId && !isCurrent) entry.lastUsedMs = Number.NEGATIVE_INFINITY;
    }
    this.#closeIdle();
  }

  /** Clients that are up, for a gauge. */
  get size(): number {
    return this.#entries.size;
  }

  /** Closes all clients and backends; later gets fail. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('the pool is closed'));
    this.#cancelLook?.();
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.allSettled(entries.map(async (entry) => (await entry.started).close()));
  }

  #known(serverId: string): EmbeddedServer {
    const server = this.#servers.get(serverId);
    if (server === undefined) throw new ToolUnavailable({ server: serverId, tool: 'connect' }, 'no such server');
    return server;
  }

  #usable(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.running === undefined || entry.running.client.open) return entry;
    this.#discard(key, entry);
    // A connection that an embedded server gives up is started again at once: `#start` asks for foreign ones alone.
    const livedMs = this.#options.clock.monotonicMs() - entry.startedMs;
    if (livedMs < shortMs) this.#retries.failed(key, new Error('the connection did not last'));
    else this.#retries.succeeded(key);
    return undefined;
  }

  #start(key: string, server: string | ForeignServer, credentials: ToolCredentials, access: ToolAccess): Entry {
    const address = { server: typeof server === 'string' ? server : server.id, tool: 'connect' };
    if (this.#stop.signal.aborted) throw new ToolUnavailable(address, 'the operator is stopping');
    const hold = typeof server === 'string' ? undefined : this.#retries.holdsOff(key);
    if (hold !== undefined) throw new ToolUnavailable(address, hold.message, { cause: hold.cause });
    const now = this.#options.clock.monotonicMs();
    const onCall = (event: ToolCallEvent): void => {
      entry.lastUsedMs = this.#options.clock.monotonicMs();
      this.#options.onCall?.(event);
    };
    const started =
      typeof server === 'string'
        ? this.#startEmbedded(this.#known(server), credentials, access, onCall)
        : this.#startForeign(server, credentials, access, onCall);
    const { digest } = credentials;
    const of = typeof server === 'string' ? { serverId: server } : { serverId: server.id, version: server.version };
    const entry: Entry = { ...of, digest, started, startedMs: now, lastUsedMs: now };
    this.#entries.set(key, entry);
    this.#lookLater();
    started.then(
      (running) => {
        entry.running = running;
      },
      (error: unknown) => {
        // A start that failed is not kept: the next caller tries again.
        this.#forget(key, entry);
        if (typeof server !== 'string') this.#retries.failed(key, error);
      },
    );
    return entry;
  }

  #startEmbedded(
    server: EmbeddedServer,
    credentials: ToolCredentials,
    access: ToolAccess,
    onCall: (event: ToolCallEvent) => void,
  ): Promise<Running> {
    const connection = {
      settings: this.#options.settings[server.id] ?? {},
      credentials: credentials.data,
      dialer: this.#options.dialerFor(credentials, access),
    };
    return startEmbedded(server, connection, { ...this.#options, access, onCall }, this.#stop.signal);
  }

  async #startForeign(
    server: ForeignServer,
    credentials: ToolCredentials,
    access: ToolAccess,
    onCall: (event: ToolCallEvent) => void,
  ): Promise<Running> {
    const client = await connectForeign(
      server,
      {
        access,
        clock: this.#options.clock,
        credentials,
        dialer: this.#options.dialerFor(credentials, access),
        startProcess: this.#options.startProcess ?? noProcesses,
        contract: this.#servers.get(server.insteadOf ?? '')?.tools ?? [],
        // Tools of users are no labels of a metric.
        onCall: () => onCall({ server: 'ToolServer', tool: 'any' }),
      },
      this.#stop.signal,
    );
    return { client, close: () => client.close() };
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  get #idleMs(): number {
    return this.#options.idleMs ?? defaultIdleMs;
  }

  #lookLater(): void {
    this.#cancelLook ??= this.#options.clock.timer(this.#idleMs / looks, () => {
      this.#cancelLook = undefined;
      this.#closeIdle();
      if (this.#entries.size > 0) this.#lookLater();
    });
  }

  #closeIdle(): void {
    const before = this.#options.clock.monotonicMs() - this.#idleMs;
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

function keyOf(server: string | ForeignServer): readonly string[] {
  return typeof server === 'string' ? [server] : [server.id, server.version, server.insteadOf ?? ''];
}

function noProcesses(): Promise<never> {
  return Promise.reject(new StartRefused('no stdio servers are configured'));
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
