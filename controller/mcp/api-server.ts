import { isIP } from 'node:net';
import { bareHost } from '../config/glob.ts';
import type { Clock } from '../kube/clock.ts';
import { plainAddress } from './address.ts';
import type { Resolve } from './outbound.ts';

/** What can be learnt of where the Kubernetes API server is. */
export interface ApiServerSources {
  /** Host names and addresses that are known to be its own; names are looked up. */
  readonly hosts: readonly string[];
  /** What the cluster itself says: addresses of the Service `kubernetes` and of what is behind it. @throws the client's errors */
  readonly read?: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Told when it cannot be read; what was known before goes on to count. */
  readonly onUnreadable?: (error: unknown) => void;
}

/** The API server as the dialer knows it: by its names and by all addresses that lead to it. */
export interface ApiServer {
  readonly names: readonly string[];
  addresses(): Promise<ReadonlySet<string>>;
}

/** It may move, as behind a load balancer: what is known is looked up anew after so long. */
const freshMs = 30_000;
/** An address that cannot be learnt in this time is not waited for. */
const learnMs = 2_000;

/** By these it is known in every cluster, whatever the kubeconfig says. */
const usualNames = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];

export function apiServerOf(sources: ApiServerSources, clock: Clock, resolve: Resolve): ApiServer {
  const hosts = [...new Set(sources.hosts.map(bareHost))];
  const literal = hosts.filter((host) => isIP(host) !== 0);
  const names = hosts.filter((host) => isIP(host) === 0);
  const known = new Map<string, readonly string[]>([['', literal]]);
  const learn = async (source: string, work: (signal: AbortSignal) => Promise<readonly string[]>): Promise<unknown> => {
    try {
      known.set(source, await within(clock, work));
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const refresh = async (): Promise<ReadonlySet<string>> => {
    const { read, onUnreadable } = sources;
    const [failure] = await Promise.all([
      read === undefined ? undefined : learn('/', read),
      ...names.map((name) => learn(name, async () => (await resolve(name)).map(({ address }) => address))),
    ]);
    if (failure !== undefined) onUnreadable?.(failure);
    return new Set([...known.values()].flat().map(plainAddress));
  };
  return { names: [...new Set([...names, ...usualNames])], addresses: kept(refresh, clock) };
}

/** One answer for all who ask at a time, and for a while after. */
function kept<T>(work: () => Promise<T>, clock: Clock): () => Promise<T> {
  let last: { readonly sinceMs: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const now = clock.monotonicMs();
    if (last === undefined || now - last.sinceMs >= freshMs) last = { sinceMs: now, answer: work() };
    return last.answer;
  };
}

async function within<T>(clock: Clock, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const over = Promise.withResolvers<never>();
  const cancel = clock.timer(learnMs, () => {
    const error = new Error(`no answer within ${learnMs} ms`);
    late.abort(error);
    over.reject(error);
  });
  try {
    return await Promise.race([work(late.signal), over.promise]);
  } finally {
    cancel();
  }
}
