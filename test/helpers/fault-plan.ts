/** What a fault proxy sees of a request, before it is passed on. */
export interface ProxiedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly isWatch: boolean;
  /** Anything but a read and the Lease of a leader. */
  readonly isWrite: boolean;
  /** Which write this is, from 1; 0 for anything else. */
  readonly write: number;
}

/** What happens to a request. */
export type Fault =
  /** Passed on as it is. */
  | { readonly kind: 'none' }
  /** Answered here; the API server never sees it. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly reason?: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** The connection breaks before the API server sees it. */
  | { readonly kind: 'lost-request' }
  /** The API server carries it out, and the connection breaks instead of the answer. */
  | { readonly kind: 'lost-answer' }
  /** Passed on after this long. */
  | { readonly kind: 'delay'; readonly ms: number };

export const noFault: Fault = { kind: 'none' };

/** Decides for each request. Chains: the first that names a fault wins. */
export type FaultPlan = (request: ProxiedRequest) => Fault | undefined;

/** The faults of the table of failure classes, as answers. */
export const answers = {
  conflict: { kind: 'answer', status: 409, reason: 'Conflict', message: 'the object has been modified' },
  tooManyRequests: { kind: 'answer', status: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 },
  internalError: { kind: 'answer', status: 500, reason: 'InternalError', message: 'injected' },
  payloadTooLarge: { kind: 'answer', status: 413, reason: 'RequestEntityTooLarge' },
  etcdTooLarge: { kind: 'answer', status: 500, message: 'etcdserver: request is too large' },
  gone: { kind: 'answer', status: 410, reason: 'Expired', message: 'too old resource version' },
  forbidden: { kind: 'answer', status: 403, reason: 'Forbidden' },
} as const satisfies Record<string, Fault>;

/** A fault on the i-th write, from 1. */
export function onWrite(i: number, fault: Fault): FaultPlan {
  return (request) => (request.write === i ? fault : undefined);
}

/** A fault on each write whose path contains `part`, `times` times. */
export function storm(part: string, fault: Fault, times: number): FaultPlan {
  let left = times;
  return (request) => {
    if (!request.isWrite || !request.path.includes(part) || left <= 0) return undefined;
    left -= 1;
    return fault;
  };
}

/** A share of all requests but watches, at random and the same for the same seed. */
export function seeded(seed: number, share: number, faults: readonly Fault[]): FaultPlan {
  const random = mulberry32(seed);
  return (request) => {
    if (request.isWatch || random() >= share) return undefined;
    return faults[Math.floor(random() * faults.length)];
  };
}

/** The first fault that any of these names. */
export function firstOf(...plans: readonly FaultPlan[]): FaultPlan {
  return (request) => {
    for (const plan of plans) {
      const fault = plan(request);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

/** A small seeded generator, uniform in [0, 1). Source: Tommy Ettinger's Mulberry32, public domain. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
