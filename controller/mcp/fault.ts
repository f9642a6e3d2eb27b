import type { ToolOutcome } from './errors.ts';
import { failureText } from './failure-text.ts';

/**
 * Thrown by a tool of an embedded server to say precisely what happened: its code, and whether a write may have had
 * its effect. Any other error is judged by `describeFault`.
 */
export class ToolFault extends Error {
  readonly code: string;
  readonly outcome: ToolOutcome;

  constructor(
    code: string,
    message: string,
    options: { readonly outcome?: ToolOutcome; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ToolFault';
    this.code = code;
    this.outcome = options.outcome ?? 'NotDone';
  }
}

export interface FaultDescription {
  readonly code: string;
  readonly message: string;
  readonly outcome: ToolOutcome;
}

/** What the errors of the SDKs in use carry, as far as it helps: AWS SDK v3, Octokit, pg, node-redis, undici, Node. */
interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly cause?: unknown;
}

/** Codes that say that the request never left, or was turned away before anything was done. */
const neverSent = new Set([
  'HostRefused',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Answers of a 4xx kind that do not say that nothing was done: timeout, conflict with an earlier try, too early. */
const ambiguousStatus = new Set([408, 409, 425]);

const wellFormedCode = /^[A-Za-z0-9][\w.-]{0,63}$/;

/**
 * Code, message (redacted, bounded) and outcome of an error thrown by a tool. Reads are always NotDone; a write is Unknown unless the error
 * shows that it was refused: our own word for it, a 4xx answer, an SQL error, or a connection that never came about.
 */
export function describeFault(error: unknown, access: 'Read' | 'Write'): FaultDescription {
  const refused = findCause(error, (one) => one.code === 'HostRefused');
  const like = (refused ?? error ?? {}) as ErrorLike;
  const code = codeOf(like);
  const message = typeof like.message === 'string' && like.message !== '' ? like.message : code;
  const known = access === 'Read' || nothingDone(error, like, code);
  return { code, message: failureText(message), outcome: known ? 'NotDone' : 'Unknown' };
}

function codeOf(like: ErrorLike): string {
  const candidates = [like.code, typeof like.status === 'number' ? `Http${like.status}` : undefined, like.name];
  for (const candidate of candidates) {
    if (typeof candidate === 'string' && wellFormedCode.test(candidate)) return candidate;
  }
  return 'Error';
}

function nothingDone(error: unknown, like: ErrorLike, code: string): boolean {
  if (error instanceof ToolFault) return error.outcome === 'NotDone';
  if (neverSent.has(code)) return true;
  const status = Number(like.status ?? like.$metadata?.httpStatusCode);
  if (status >= 400 && status < 500) return !ambiguousStatus.has(status);
  return isSqlState(like);
}

/** PostgreSQL answers an error with a five-character SQLSTATE and takes the statement back; class 08 and 57 are lost connections. */
function isSqlState(like: ErrorLike): boolean {
  return (
    typeof like.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(like.code) &&
    'severity' in like &&
    !/^(08|57)/.test(like.code)
  );
}

function findCause(error: unknown, matches: (one: ErrorLike) => boolean): ErrorLike | undefined {
  let one = error as ErrorLike | null | undefined;
  for (let depth = 0; depth < 5 && one !== undefined && one !== null; depth++) {
    if (matches(one)) return one;
    one = one.cause as ErrorLike | undefined;
  }
  return undefined;
}
