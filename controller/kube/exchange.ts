import type { Dispatcher } from 'undici';
import type { Clock } from './clock.ts';

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** The request did not come back whole. `sent` tells whether the server may have seen it. */
export class ExchangeFailed extends Error {
  readonly sent: boolean;

  constructor(sent: boolean, cause: unknown) {
    super('the exchange failed', { cause });
    this.name = 'ExchangeFailed';
    this.sent = sent;
  }
}

/** The answer did not come in time. */
export class TimedOut extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
    this.name = 'TimedOut';
  }
}

export interface ExchangeOptions {
  readonly clock: Clock;
  /** From the call to the last byte of the answer; 0 for no limit. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Gets the body of a 2xx answer as it comes, instead of its being collected. */
  readonly onData?: ((chunk: Buffer) => void) | undefined;
}

/**
 * One request on a dispatcher. It speaks undici's lowest interface: half the CPU of node:https and of undici's own `request`,
 * measured on status writes. Rejects with ExchangeFailed; an answer of any status resolves.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  options: ExchangeOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const handler = new ExchangeHandler(resolve, reject, options);
    if (options.signal.aborted) handler.stop(options.signal.reason);
    else handler.begin(dispatcher, request);
  });
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: ExchangeFailed) => void;
  readonly #signal: AbortSignal;
  readonly #onData: ((chunk: Buffer) => void) | undefined;
  readonly #cancelTimer: (() => void) | undefined;
  readonly #onAbort: () => void;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #retryAfter: string | undefined;
  #settled = false;

  constructor(resolve: (answer: Answer) => void, reject: (error: Error) => void, options: ExchangeOptions) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = options.signal;
    this.#onData = options.onData;
    this.#onAbort = () => this.stop(options.signal.reason);
    this.#signal.addEventListener('abort', this.#onAbort);
    const { clock, timeoutMs } = options;
    if (timeoutMs > 0) this.#cancelTimer = clock.timer(timeoutMs, () => this.stop(new TimedOut(timeoutMs)));
  }

  /** undici throws for a request that it finds malformed. */
  begin(dispatcher: Dispatcher, request: Dispatcher.DispatchOptions): void {
    try {
      dispatcher.dispatch(request, this);
    } catch (error) {
      this.stop(error);
    }
  }

  /** Gives up: rejects now and takes the connection down. */
  stop(reason: unknown): void {
    if (!this.#settle()) return;
    this.#reject(new ExchangeFailed(this.#controller !== undefined, reason));
    this.#controller?.abort(reason instanceof Error ? reason : new Error('aborted', { cause: reason }));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('aborted before it was sent'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    this.#status = status;
    const retryAfter = headers['retry-after'];
    this.#retryAfter = typeof retryAfter === 'string' ? retryAfter : undefined;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    if (this.#onData === undefined || this.#status >= 300) this.#chunks.push(chunk);
    else this.#feed(chunk);
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    this.#resolve({ status: this.#status, retryAfter: this.#retryAfter, body: text(this.#chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settle()) this.#reject(new ExchangeFailed(this.#controller !== undefined, error));
  }

  #feed(chunk: Buffer): void {
    try {
      this.#onData?.(chunk);
    } catch (error) {
      this.stop(error);
    }
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#cancelTimer?.();
    this.#signal.removeEventListener('abort', this.#onAbort);
    return true;
  }
}

function text(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  if (first === undefined) return '';
  return chunks.length === 1 ? first.toString() : Buffer.concat(chunks).toString();
}
