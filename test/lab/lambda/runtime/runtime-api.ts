import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listen } from '../../parts/listen.ts';

export interface Handed {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly deadline: Date;
}

/** What the runtime says of what it was handed: JSON of the handler's answer, or of its error. */
export interface Said {
  readonly kind: 'Response' | 'Error';
  readonly body: string;
}

/** One environment's end of the runtime API. */
export class Channel {
  readonly #firstAsked = Promise.withResolvers<void>();
  #asking: ServerResponse | undefined;
  #handed: Handed | undefined;
  #said = Promise.withResolvers<Said>();

  /** Resolves when the runtime has initialised and asks for work. */
  get ready(): Promise<void> {
    return this.#firstAsked.promise;
  }

  /** Hands it to the runtime as soon as that asks. */
  invoke(handed: Handed): Promise<Said> {
    this.#handed = handed;
    this.#said = Promise.withResolvers<Said>();
    this.#handOver();
    return this.#said.promise;
  }

  asksNext(response: ServerResponse): void {
    this.#asking = response;
    this.#firstAsked.resolve();
    this.#handOver();
  }

  says(said: Said): void {
    this.#said.resolve(said);
  }

  #handOver(): void {
    const [asking, handed] = [this.#asking, this.#handed];
    if (asking === undefined || handed === undefined) return;
    [this.#asking, this.#handed] = [undefined, undefined];
    asking.setHeader('lambda-runtime-aws-request-id', handed.requestId);
    asking.setHeader('lambda-runtime-deadline-ms', handed.deadline.getTime());
    asking.end(handed.payload);
  }
}

/** Lambda's runtime API for all environments; each has an address of its own. */
export interface RuntimeApi {
  open(id: string): { readonly address: string; readonly channel: Channel };
  close(id: string): void;
  stop(): Promise<void>;
}

export async function startRuntimeApi(): Promise<RuntimeApi> {
  const channels = new Map<string, Channel>();
  const server = createServer((request, response) => void answer(request, response, channels));
  const port = await listen(server);
  return {
    open(id) {
      const channel = new Channel();
      channels.set(id, channel);
      return { address: `127.0.0.1:${port}/${id}`, channel };
    },
    close: (id) => void channels.delete(id),
    stop: () => closeServer(server),
  };
}

const path = /^\/(?<id>[^/]+)\/2018-06-01\/runtime\/(?:invocation\/)?(?:[^/]+\/)?(?<what>next|response|error)$/;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  channels: ReadonlyMap<string, Channel>,
): Promise<void> {
  const { id = '', what } = path.exec(request.url ?? '')?.groups ?? {};
  const channel = channels.get(id);
  if (channel === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (what === 'next') {
    channel.asksNext(response);
    return;
  }
  const body = await text(request);
  response.writeHead(202).end();
  channel.says({ kind: what === 'response' ? 'Response' : 'Error', body });
}
