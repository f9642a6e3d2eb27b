import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { bareHost } from '../config/glob.ts';
import type { Clock } from '../kube/clock.ts';
import type { Dialer, PinnedAddress } from './dialer.ts';
import { httpDial } from './http-dial.ts';
import { DialError, HostRefusedError } from './outbound-errors.ts';
import { type OutboundPolicy, outboundJudge } from './outbound-policy.ts';

/** All addresses of a name, in the order to be tried. @throws the resolver's error (ENOTFOUND, EAI_AGAIN). */
export type Resolve = (host: string) => Promise<readonly PinnedAddress[]>;

export interface OutboundOptions {
  readonly policy: OutboundPolicy;
  readonly clock: Clock;
  readonly resolve?: Resolve;
  /** Where the API server is now, in plain form. */
  readonly apiServer?: () => Promise<ReadonlySet<string>>;
  /** For a name; 5,000 by default. */
  readonly resolveTimeoutMs?: number;
}

/** A dialer that holds sockets for reuse. */
export interface OutboundDialer extends Dialer {
  /** Closes idle connections and ends open ones. */
  close(): Promise<void>;
}

const defaultResolveTimeoutMs = 5_000;

/** The dialer over an allow-list: one for each set of credentials, as the hosts that may see them differ. */
export function createDialer(options: OutboundOptions): OutboundDialer {
  const checked = checkedResolver(options);
  const pin = async (host: string, signal: AbortSignal): Promise<PinnedAddress> => first(await checked(host, signal));
  return { pin, lookup: lookupOver(checked), ...httpDial({ pin, clock: options.clock }) };
}

type CheckedResolve = (host: string, signal: AbortSignal) => Promise<readonly PinnedAddress[]>;

/** Resolves, and keeps the addresses that may be connected to; refused when none is left. */
function checkedResolver(options: OutboundOptions): CheckedResolve {
  const judge = outboundJudge(options.policy);
  const resolve = options.resolve ?? resolveAll;
  return async (host, signal) => {
    const name = bareHost(host);
    const reason = judge.refuseHost(name);
    if (reason !== undefined) throw new HostRefusedError(name, undefined, reason);
    const look = () => Promise.all([resolveOrLiteral(resolve, name), options.apiServer?.()]);
    const [found, apiServer] = await withinTime(look, name, options, signal);
    const judged = found.map((one) => ({ ...one, refusal: judge.refuseAddress(name, one.address, apiServer) }));
    const allowed = judged.filter((one) => one.refusal === undefined);
    const [worst] = judged;
    if (allowed.length === 0 && worst?.refusal !== undefined) {
      throw new HostRefusedError(name, worst.address, worst.refusal);
    }
    return allowed.map(({ address, family }) => ({ address, family }));
  };
}

async function resolveOrLiteral(resolve: Resolve, host: string): Promise<readonly PinnedAddress[]> {
  const family = isIP(host);
  return family === 0 ? resolve(host) : [{ address: host, family: family === 6 ? 6 : 4 }];
}

/** All addresses by the system's resolver, /etc/hosts included; it takes odd spellings of an address (`0x7f.1`) for the address. */
export async function resolveAll(host: string): Promise<readonly PinnedAddress[]> {
  const found = await systemLookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function first(addresses: readonly PinnedAddress[]): PinnedAddress {
  const [pinned] = addresses;
  if (pinned === undefined) throw noAddress();
  return pinned;
}

/** The system's resolver can be neither bounded nor stopped: it is left behind. */
async function withinTime<T>(
  work: () => Promise<T>,
  host: string,
  options: OutboundOptions,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  const left = Promise.withResolvers<never>();
  const timeoutMs = options.resolveTimeoutMs ?? defaultResolveTimeoutMs;
  const onAbort = (): void => left.reject(signal.reason);
  const cancel = options.clock.timer(timeoutMs, () =>
    left.reject(new DialError('DialTimeout', `${host} was not resolved within ${timeoutMs} ms`)),
  );
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(), left.promise]);
  } finally {
    cancel();
    signal.removeEventListener('abort', onAbort);
  }
}

const unbounded = new AbortController().signal;

/** node:net asks no `lookup` for a literal address: see guards.ts for sockets that are given one. */
function lookupOver(checked: CheckedResolve): LookupFunction {
  const resolve = callbackify(checked);
  return (host, options, callback) => {
    resolve(host, unbounded, (error, addresses) => {
      const [pinned] = addresses ?? [];
      if (pinned === undefined) callback(error ?? noAddress(), '', 0);
      else if (options.all === true) callback(null, [...addresses]);
      else callback(null, pinned.address, pinned.family);
    });
  };
}

function noAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' });
}
