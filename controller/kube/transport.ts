import { type Clock, systemClock } from './clock.ts';
import { type Access, Credentials } from './credentials.ts';
import { Dispatchers } from './dispatchers.ts';
import { errorFor, errorForLostAnswer, type FailedRequest } from './error-response.ts';
import { ApiError } from './errors.ts';
import { type Answer, exchange, ExchangeFailed } from './exchange.ts';
import { type Counter, type Metrics, noMetrics } from './observe.ts';
import type { ServerAccess } from './plain-access.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface TransportRequest {
  readonly method: Method;
  /** Path and query, encoded. */
  readonly path: string;
  readonly body?: string | undefined;
  /** Of the body; JSON unless told. */
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly onData?: ((chunk: Buffer) => void) | undefined;
  readonly signal: AbortSignal;
}

export interface TransportOptions {
  readonly clock?: Clock;
  readonly metrics?: Metrics;
  readonly userAgent?: string;
  /** For a request that does not name its own. */
  readonly timeoutMs?: number;
}

/** A handshake costs both sides as much as some requests do, and more at once than this makes no API server faster. */
const callsAtOnce = 32;
/** A watch keeps its connection for minutes: it must not take one from the calls. */
const streamsAtOnce = 256;

/** Sends requests to one API server, with its credentials, over kept connections. */
export class Transport {
  readonly #credentials: Credentials;
  readonly #calls = new Dispatchers(callsAtOnce);
  readonly #streams = new Dispatchers(streamsAtOnce);
  readonly #clock: Clock;
  readonly #requests: Counter;
  readonly #userAgent: string;
  readonly #timeoutMs: number;

  constructor(config: ServerAccess, options: TransportOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#credentials = new Credentials(config, this.#clock);
    this.#userAgent = options.userAgent ?? 'threehops';
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#requests = (options.metrics ?? noMetrics).counter(
      'rest_client_requests_total',
      'Requests to the API server by method and HTTP status; <error> when there was no answer.',
      ['method', 'code', 'host'],
    );
  }

  /**
   * The body of a 2xx answer. Throws an ApiError for any other, UnknownOutcome for a write whose answer was lost, Unavailable for a
   * read or for a request that never left. An aborted request throws the same, with the signal's reason as the cause.
   */
  async send(request: TransportRequest): Promise<string> {
    const access = await this.#access(request);
    const answer = await this.#exchange(request, access);
    if (answer.status !== 401) return this.#bodyOf(request, answer);
    // Tokens expire between two readings of them. A 401 was not carried out, so a second try is safe for a write too.
    this.#credentials.forget(access);
    return this.#bodyOf(request, await this.#exchange(request, await this.#access(request)));
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await Promise.all([this.#calls.close(), this.#streams.close()]);
  }

  async #access(request: TransportRequest): Promise<Access> {
    try {
      return await this.#credentials.access();
    } catch (error) {
      throw errorForLostAnswer(described(request), false, error);
    }
  }

  async #exchange(request: TransportRequest, access: Access): Promise<Answer> {
    const { signal, onData, method, body } = request;
    const dispatchers = onData === undefined ? this.#calls : this.#streams;
    const options = { clock: this.#clock, timeoutMs: request.timeoutMs ?? this.#timeoutMs, signal, onData };
    const path = access.basePath + request.path;
    const dispatch = {
      origin: access.origin,
      method,
      path,
      body: body ?? null,
      headers: this.#headers(request, access),
    };
    try {
      const answer = await exchange(
        dispatchers.for(access),
        { ...dispatch, headersTimeout: 0, bodyTimeout: 0 },
        options,
      );
      this.#requests.inc({ method, code: String(answer.status), host: access.origin });
      return answer;
    } catch (error) {
      this.#requests.inc({ method, code: '<error>', host: access.origin });
      if (!(error instanceof ExchangeFailed)) throw errorForLostAnswer(described(request), false, error);
      // An ERROR event inside a watch already says what it is.
      if (error.cause instanceof ApiError) throw error.cause;
      throw errorForLostAnswer(described(request), error.sent, error.cause);
    }
  }

  #headers(request: TransportRequest, access: Access): string[] {
    const headers = ['accept', request.accept ?? 'application/json', 'user-agent', this.#userAgent, ...access.headers];
    if (request.body !== undefined) headers.push('content-type', request.contentType ?? 'application/json');
    return headers;
  }

  #bodyOf(request: TransportRequest, answer: Answer): string {
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw errorFor(described(request), answer.status, answer.body, answer.retryAfter);
  }
}

function described(request: TransportRequest): FailedRequest {
  const [path = request.path] = request.path.split('?', 1);
  return { method: request.method, path, write: request.method !== 'GET' };
}
