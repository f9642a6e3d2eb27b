import { createServer } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { listenUntil } from '../parts/listen.ts';

/** An EndpointSlice, as far as a front reads it. */
interface Slice {
  /** null for none at all. */
  readonly endpoints: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
}

export interface FrontOptions {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  readonly namespace: string;
  readonly service: string;
  readonly signal: AbortSignal;
}

/** How old what it knows of the endpoints may be. */
const refreshMs = 250;

/**
 * What users reach of a Service: an ingress that answers 200 while the Service has a ready endpoint and 503 while it has none. The
 * pods themselves serve nobody, for nothing runs in them. Answers its URL.
 */
export async function startFront(options: FrontOptions): Promise<string> {
  let ready = 0;
  const refresh = async (): Promise<void> => {
    const count = await readyEndpoints(options).catch(() => undefined);
    ready = count ?? ready;
  };
  await refresh();
  const timer = setInterval(() => void refresh(), refreshMs);
  const server = createServer((asked, answer) => {
    asked.resume();
    const status = ready > 0 ? 200 : 503;
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: ready > 0 }));
  });
  options.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return `http://127.0.0.1:${await listenUntil(server, options.signal)}`;
}

async function readyEndpoints({ url, ca, token, namespace, service, signal }: FrontOptions): Promise<number> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const selector = new URLSearchParams({ labelSelector: `kubernetes.io/service-name=${service}` });
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(`${url}${path}?${selector.toString()}`, { ca, headers, signal }, (response) => {
      text(response).then(resolve, reject);
    });
    asked.once('error', reject);
    asked.end();
  });
  const { items } = JSON.parse(answer) as { items: readonly Slice[] };
  return items.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false)
    .length;
}
