import Anthropic, { AnthropicError, APIError, APIUserAbortError, AuthenticationError } from '@anthropic-ai/sdk';
import type { Clock } from '../../kube/clock.ts';
import { HostRefusedError } from '../../mcp/outbound-errors.ts';
import { SecretError } from '../../mcp/secret-errors.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from './model-client.ts';
import { AnswerLost, ModelRefused, ModelUnavailable } from './model-errors.ts';
import { onceSent, type Transit, NotAgain } from './once-sent.ts';
import { redactHead } from '../../redaction/redact.ts';

/** A key, and the way out that may carry it. */
export interface ModelAccess {
  readonly apiKey: string;
  readonly fetch: typeof fetch;
}

export interface MessagesOptions {
  readonly baseUrl: string;
  /** For one request with all its retries and its whole answer. */
  readonly requestSeconds: number;
  readonly clock: Clock;
  /** Asked for before the first request, and again once the key was refused. @throws SecretError */
  access(signal: AbortSignal): Promise<ModelAccess>;
}

/** Besides the first try; the SDK waits as long as the server asks for, else twice as long each time. */
const retries = 5;

/** The Messages API over the official SDK. */
export function createMessagesClient(options: MessagesOptions): ModelClient {
  return new MessagesClient(options);
}

type RequestOptions = NonNullable<Parameters<Anthropic['messages']['stream']>[1]>;
type Ask<T> = (client: Anthropic, options: RequestOptions) => Promise<T>;

class MessagesClient implements ModelClient {
  readonly #options: MessagesOptions;
  #connected: { readonly client: Anthropic; readonly apiKey: string } | undefined;

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  async countTokens(request: ModelRequest, signal: AbortSignal): Promise<number> {
    const { max_tokens: _most, ...asked } = request;
    try {
      const counted = await this.#inTime(signal, (client, options) => client.messages.countTokens(asked, options));
      return counted.input_tokens;
    } catch (error) {
      throw error instanceof AnswerLost ? new ModelUnavailable('its tokens were not counted', { cause: error }) : error;
    }
  }

  send(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer> {
    return this.#inTime(signal, async (client, options) => {
      // One that ends without its last event is an error of the SDK's.
      const { content, stop_reason, usage } = await client.messages.stream(request, options).finalMessage();
      return { content, stop_reason, usage };
    });
  }

  /** One deadline over the key, all retries and the answer, however long the server asks to wait. */
  async #inTime<T>(signal: AbortSignal, ask: Ask<T>): Promise<T> {
    signal.throwIfAborted();
    const late = new AbortController();
    const cancel = this.#options.clock.timer(this.#options.requestSeconds * 1000, () => late.abort());
    const transit: Transit = { under: false };
    const options = { signal: AbortSignal.any([signal, late.signal]), middleware: [onceSent(transit)] };
    try {
      return await this.#withKey(options, ask);
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(unwrapped(error), transit);
    } finally {
      cancel();
    }
  }

  /** A key that was replaced is read again. */
  async #withKey<T>(options: RequestOptions & { readonly signal: AbortSignal }, ask: Ask<T>): Promise<T> {
    const { client, apiKey } = (this.#connected ??= await this.#connect(options.signal));
    try {
      return await ask(client, options);
    } catch (error) {
      if (!(error instanceof AuthenticationError)) throw error;
      this.#connected = undefined;
      const renewed = await this.#connect(options.signal);
      if (renewed.apiKey === apiKey) throw error;
      this.#connected = renewed;
      return ask(renewed.client, options);
    }
  }

  async #connect(signal: AbortSignal): Promise<{ readonly client: Anthropic; readonly apiKey: string }> {
    const { apiKey, fetch } = await this.#options.access(signal);
    const { baseUrl: baseURL, requestSeconds } = this.#options;
    const timeout = requestSeconds * 1000;
    // What the SDK would log holds prompts and answers.
    const quiet = { logLevel: 'off', openTelemetry: false } as const;
    return { apiKey, client: new Anthropic({ apiKey, baseURL, fetch, timeout, maxRetries: retries, ...quiet }) };
  }
}

/** What fails in the midst of a stream comes wrapped; what the API itself says does not. */
function unwrapped(error: unknown): unknown {
  return error instanceof AnthropicError && !(error instanceof APIError) ? (error.cause ?? error) : error;
}

/** Never with the request or an answer in it: of the API's own words, those about what is wrong with a request. */
function failureOf(error: unknown, transit: Transit): Error {
  if (error instanceof SecretError) return new ModelRefused('its key cannot be had', { cause: error });
  const origin = error instanceof NotAgain ? error.origin : undefined;
  if (origin instanceof HostRefusedError) return new ModelRefused('its host is not allowed', { cause: origin });
  if (error instanceof APIError && isRefusal(error.status)) return new ModelRefused(toldBy(error));
  // An overload in the midst of an answer comes as an event of the stream, without a status.
  if (error instanceof NotAgain || transit.under) return new AnswerLost(nameOf(error));
  if (error instanceof APIUserAbortError) return new ModelUnavailable('it took too long');
  const cause = error instanceof APIError ? error.cause : undefined;
  return new ModelUnavailable(error instanceof APIError ? toldBy(error) : nameOf(error), { cause });
}

/** Retried where another try may have another end: not these. */
function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && ![408, 409, 429].includes(status);
}

function toldBy({ status, type, apiMessage, requestID }: APIError): string {
  const words = isRefusal(status) ? `: ${redactHead(apiMessage ?? '', 300)}` : '';
  return `${status ?? 'no status'} ${type ?? ''}${words} (request ${requestID ?? 'unknown'})`;
}

function nameOf(error: unknown): string {
  const origin = error instanceof NotAgain ? error.origin : error;
  return origin instanceof Error ? origin.name : 'failed';
}
