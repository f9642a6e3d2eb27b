import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, maxHeaderSize } from 'node:http';
import type { Socket } from 'node:net';
import type { Counter, Metrics } from '../../kube/observe.ts';
import { type DialerProxy, type Guest, startDialerProxy } from '../../mcp/dialer-proxy.ts';
import { declaredBy, type Reach } from '../declared-hosts.ts';
import { SandboxError } from '../sandbox.ts';
import type { Way } from './way-to-hosts.ts';

export interface JobHostsOptions extends Reach {
  readonly way: Way;
  /** That a run may say and hear, all its connections together. */
  readonly mostBytes: number;
  /** Gives a text that nobody guesses. */
  readonly token: () => string;
  readonly metrics: Metrics;
}

/** Of one run, while it lasts. */
export interface Pass {
  /** Of the proxy, with the run's own credentials. */
  readonly url: string;
  /** Nothing goes by it any longer: what is under way is broken off. */
  close(): void;
}

/** What lets the checks of Jobs reach the declared hosts. */
export interface JobHosts {
  readonly way: Way;
  /** @throws SandboxError (NoWayToHosts); the signal's reason. */
  open(signal: AbortSignal): Promise<Pass>;
  close(): Promise<void>;
}

/** Connections of one run at once, and of one Pod whoever it says it is; of all of them. */
const mostOfOne = 64;
const most = { all: 4 * mostOfOne, fromOne: mostOfOne };

/** By which reason a request is refused. */
type Refusal = 'no-token' | 'wrong-token' | 'connections' | 'bytes' | 'host';

/**
 * The proxy of declared-hosts.ts for Pods, which no socket of this machine can be bound into: on a port of this Pod, from the first run on. As others
 * may find the port, each run has a token of its own, which only this process knows, and no longer than the run lasts.
 */
export function jobHosts(options: JobHostsOptions): JobHosts {
  const { way, hosts, dialer, metrics } = options;
  const help = 'Requests of checks in Jobs that the proxy refused.';
  const refusals = metrics.counter('threehops_check_proxy_refusals_total', help, ['reason']);
  const guests = new Set<RunGuest>();
  const isDeclared = declaredBy(hosts);
  const origins = (url: URL): boolean => isDeclared(url) || refused(refusals, 'host', false);
  const admit = (incoming: IncomingMessage): Guest | number => admitted(guests, incoming, refusals);
  let proxy: Promise<DialerProxy> | undefined;
  const started = async (): Promise<DialerProxy> => {
    const { address: host, port } = way;
    if (host === undefined) throw noWay('the operator is not told the address of its Pod');
    const starting = (proxy ??= startDialerProxy({ dialer, origins, admit, at: { host, port }, most }));
    try {
      return await starting;
    } catch (cause) {
      if (proxy === starting) proxy = undefined;
      throw noWay(`nothing can listen at ${host}, port ${port}: ${(cause as Error).message}`, { cause });
    }
  };
  return {
    way,
    async open(signal) {
      const { url } = await started();
      signal.throwIfAborted();
      const credentials = `checks:${options.token()}`;
      const guest = new RunGuest(credentials, options.mostBytes, refusals);
      guests.add(guest);
      const close = (): void => {
        guests.delete(guest);
        guest.leave();
      };
      return { url: url.replace('//', `//${credentials}@`), close };
    },
    async close() {
      const running = await proxy?.catch(() => undefined);
      await running?.close();
    },
  };
}

/** Both heads of a request, each as large as Node takes them: they are not counted one by one. */
const headBytes = 2 * maxHeaderSize;

/** A run that asks: what it holds and what it has left. */
class RunGuest implements Guest {
  readonly digest: Buffer;
  readonly #sockets = new Set<Socket>();
  readonly #refusals: Counter;
  #left: number;

  constructor(credentials: string, mostBytes: number, refusals: Counter) {
    this.digest = digestOf(credentials);
    this.#left = mostBytes;
    this.#refusals = refusals;
  }

  /** The status that refuses a request on this connection, if one does. */
  enter(socket: Socket): number | undefined {
    if (!this.#sockets.has(socket)) {
      if (this.#sockets.size >= mostOfOne) return refused(this.#refusals, 'connections', 429);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
    return this.spend(headBytes) ? undefined : 429;
  }

  spend(bytes: number): boolean {
    this.#left -= bytes;
    return this.#left >= 0 || refused(this.#refusals, 'bytes', false);
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function admitted(
  guests: ReadonlySet<RunGuest>,
  { headers, socket }: IncomingMessage,
  refusals: Counter,
): Guest | number {
  const [, given] = /^basic +(\S+)$/i.exec(headers['proxy-authorization'] ?? '') ?? [];
  if (given === undefined) return refused(refusals, 'no-token', 407);
  // Digests are of one length, and tell nothing of how much was right.
  const digest = digestOf(Buffer.from(given, 'base64'));
  const guest = [...guests].find((one) => timingSafeEqual(one.digest, digest));
  if (guest === undefined) return refused(refusals, 'wrong-token', 407);
  return guest.enter(socket) ?? guest;
}

function refused<T>(refusals: Counter, reason: Refusal, answer: T): T {
  refusals.inc({ reason });
  return answer;
}

function digestOf(credentials: string | Buffer): Buffer {
  return createHash('sha256').update(credentials).digest();
}

function noWay(reason: string, options?: ErrorOptions): SandboxError {
  return new SandboxError({ obstacle: 'NoWayToHosts', reason }, options);
}
