import { createServer } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    clearInterval(timer);
    server.close();
    server.closeAllConnections();
  };
  options.signal.addEventListener('abort', close, { once: true });
  // Listening on TCP, as it was told to.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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
