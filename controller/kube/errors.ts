/** The Status object of an API server's refusal, as far as it is understood. */
export interface StatusDetails {
  readonly name?: string;
  readonly kind?: string;
  readonly group?: string;
  readonly retryAfterSeconds?: number;
  readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
}

export interface ApiErrorOptions {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The machine-readable reason of the Status object, empty when there was none. */
  readonly reason: string;
  readonly details?: StatusDetails | undefined;
  /** What the server asks for before the next try, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** The API server refused or failed. Subclasses say how; `status`, `reason` and `details` are the server's. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: ApiErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.status = options.status;
    this.reason = options.reason;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** 400: the request itself is malformed; trying again changes nothing. */
export class BadRequest extends ApiError {}
/** 401: the credentials were refused, also after they were read again. */
export class Unauthorized extends ApiError {}
/** 403: RBAC, an admission policy or a terminating namespace. */
export class Forbidden extends ApiError {}
/** 404: no such object, or no such resource. */
export class NotFound extends ApiError {}
/** 409 on a write: the object changed since it was read. */
export class Conflict extends ApiError {}
/** 409 on a create: the name is taken. */
export class AlreadyExists extends ApiError {}
/** 410: the resourceVersion or the continue token is too old; list again. */
export class Gone extends ApiError {}
/** The object is larger than the server or etcd takes: 413, or a 500 that says so. Trying again changes nothing. */
export class TooLarge extends ApiError {}
/** 422: the object breaks its schema, its CEL rules or a JSON Patch test. `details.causes` names the fields. */
export class Invalid extends ApiError {}
/** 429: come back after `retryAfterMs`. */
export class TooManyRequests extends ApiError {}
/** The request was not carried out and may be tried again: no connection, a failed read, 503. */
export class Unavailable extends ApiError {}
/**
 * A write was sent and nobody knows whether it was carried out: its answer was lost or late, or the server failed half-way.
 * Read back before doing it again.
 */
export class UnknownOutcome extends ApiError {}

/** Whether trying the same request again, unchanged, can never succeed. */
export function isPermanent(error: unknown): boolean {
  return error instanceof BadRequest || error instanceof Invalid || error instanceof TooLarge;
}
