import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { eventsOf, sse, type WireMessage } from './events.ts';
import { type Accepted, refusalOf } from './refusals.ts';
import { PromptCache, tokensOf } from './usage.ts';
import { partsOf, type Script, type Scripted, type WireRequest } from './wire.ts';

/** A stand-in of the Messages API on loopback: its wire format, and its refusals; the answers are scripted. */
export interface MessagesApi {
  readonly baseUrl: string;
  /** Requests for answers that were not refused by themselves, in order. */
  readonly asked: readonly WireRequest[];
  /** Requests to count. */
  readonly counted: readonly WireRequest[];
  /** When each request for an answer came in, refused ones too; ms that only grow. */
  readonly times: readonly number[];
  /** Changes the key that it takes. */
  changeKey(apiKey: string): void;
  close(): Promise<void>;
}

export interface MessagesApiOptions extends Accepted {
  readonly script: Script;
  /** Answers to count_tokens; by four characters a token without it. */
  readonly count?: (request: WireRequest) => number;
}

export async function startMessagesApi(options: MessagesApiOptions): Promise<MessagesApi> {
  const api = new StandIn(options);
  const server = createServer((request, response) => void api.answer(request, response));
  const port = await listen(server);
  return Object.assign(api, { baseUrl: `http://127.0.0.1:${port}`, close: () => closeServer(server) });
}

class StandIn {
  readonly asked: WireRequest[] = [];
  readonly counted: WireRequest[] = [];
  readonly times: number[] = [];
  readonly #options: MessagesApiOptions;
  readonly #cache = new PromptCache();
  #apiKey: string;

  constructor(options: MessagesApiOptions) {
    this.#options = options;
    this.#apiKey = options.apiKey;
  }

  changeKey(apiKey: string): void {
    this.#apiKey = apiKey;
  }

  async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('request-id', `req_${this.times.length + this.counted.length}`);
    const path = incoming.url?.split('?')[0];
    const counting = path === '/v1/messages/count_tokens';
    if (incoming.method !== 'POST' || (path !== '/v1/messages' && !counting)) {
      return refuse(response, { status: 404, type: 'not_found_error', message: 'Not found' });
    }
    // The client under test makes it; what is wrong with it is told by the checks.
    const request = JSON.parse(await text(incoming)) as WireRequest;
    if (!counting) this.times.push(performance.now());
    const accepted = { ...this.#options, apiKey: this.#apiKey };
    const refusal = refusalOf(request, incoming.headers, accepted, counting);
    if (refusal !== undefined) return refuse(response, refusal);
    if (counting) return this.#count(request, response);
    this.asked.push(request);
    const scripted = await this.#options.script(request, this.asked.length);
    if ('status' in scripted) return refuse(response, scripted);
    return this.#send(request, scripted, response);
  }

  #count(request: WireRequest, response: ServerResponse): void {
    this.counted.push(request);
    const { count = (one) => partsOf(one).reduce((sum, part) => sum + tokensOf(part), 0) } = this.#options;
    json(response, 200, { input_tokens: count(request) });
  }

  #send(request: WireRequest, scripted: Extract<Scripted, { content: unknown }>, response: ServerResponse): void {
    const { content, breaksOff } = scripted;
    const called = content.some(({ type }) => type === 'tool_use');
    const message: WireMessage = {
      id: `msg_${this.asked.length}`,
      type: 'message',
      role: 'assistant',
      model: request.model,
      content,
      stop_reason: scripted.stopReason ?? (called ? 'tool_use' : 'end_turn'),
      stop_sequence: null,
      usage: { ...this.#cache.use(request), output_tokens: tokensOf(content) },
    };
    if (breaksOff === 'Reset') return void response.destroy();
    if (request.stream !== true) return json(response, 200, message);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const events = eventsOf(message).map(sse);
    if (breaksOff === undefined) return void response.end(events.join(''));
    const half = events.slice(0, Math.ceil(events.length / 2)).join('');
    const overload = sse({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
    if (breaksOff === 'Drop') response.write(half, () => response.destroy());
    else response.end(breaksOff === 'Overload' ? half + overload : half);
  }
}

function refuse(response: ServerResponse, refusal: Extract<Scripted, { status: number }>): void {
  const { status, type, message = type, retryAfter } = refusal;
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  json(response, status, { type: 'error', error: { type, message }, request_id: response.getHeader('request-id') });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
