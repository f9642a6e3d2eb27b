import {
  AlreadyExists,
  ApiError,
  type ApiErrorOptions,
  BadRequest,
  Conflict,
  Forbidden,
  Gone,
  Invalid,
  NotFound,
  type StatusDetails,
  TooLarge,
  TooManyRequests,
  Unauthorized,
  Unavailable,
  UnknownOutcome,
} from './errors.ts';

/** The Status object that comes with a refusal, on an answer or inside a watch. */
export interface Status {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: StatusDetails;
}

export interface FailedRequest {
  readonly method: string;
  readonly path: string;
  /** Whether the request could change something. */
  readonly write: boolean;
}

type ErrorClass = new (message: string, options: ApiErrorOptions) => ApiError;

const byStatus: Readonly<Record<number, ErrorClass>> = {
  400: BadRequest,
  401: Unauthorized,
  403: Forbidden,
  404: NotFound,
  409: Conflict,
  410: Gone,
  413: TooLarge,
  422: Invalid,
  429: TooManyRequests,
  503: Unavailable,
};

/** etcd's refusal reaches us as a bare 500 with neither reason nor details: its text is all there is to go by. */
const tooLargeText = 'request is too large';

/** The error class for an answer. `retryAfter` is the header, in seconds. */
export function errorFor(request: FailedRequest, status: number, body: string, retryAfter?: string): ApiError {
  const answer = parseStatus(body);
  const ErrorKind = errorClass(request, status, answer);
  const text = answer.message ?? (body.slice(0, 500) || 'no message');
  const seconds = Number(retryAfter ?? answer.details?.retryAfterSeconds ?? Number.NaN);
  return new ErrorKind(`${request.method} ${request.path}: ${status} ${text}`, {
    status,
    reason: answer.reason ?? '',
    details: answer.details,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  });
}

/** The error for an ERROR event inside a watch: 410 is Gone, whatever else is told by its code. */
export function errorForWatchEvent(path: string, status: Status): ApiError {
  return errorFor({ method: 'WATCH', path, write: false }, status.code ?? 500, JSON.stringify(status));
}

/** The error for a request without a whole answer. Only a write that left this machine has an unknown outcome. */
export function errorForLostAnswer(request: FailedRequest, sent: boolean, cause: unknown): ApiError {
  const ErrorKind = request.write && sent ? UnknownOutcome : Unavailable;
  const why = cause instanceof Error ? cause.message : 'no answer';
  return new ErrorKind(`${request.method} ${request.path}: ${why}`, { status: 0, reason: '', cause });
}

function errorClass(request: FailedRequest, status: number, answer: Status): ErrorClass {
  if (status === 409 && answer.reason === 'AlreadyExists') return AlreadyExists;
  if (answer.reason === 'Expired') return Gone;
  if (status === 500 && answer.message?.includes(tooLargeText) === true) return TooLarge;
  const known = byStatus[status];
  if (known !== undefined) return known;
  if (status < 500) return ApiError;
  // A 500, 502 or 504 may come after the write reached etcd (a lost etcd answer, a gateway that gave up).
  return request.write ? UnknownOutcome : Unavailable;
}

function parseStatus(body: string): Status {
  if (!body.startsWith('{')) return {};
  try {
    return JSON.parse(body) as Status;
  } catch {
    return {};
  }
}
