import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DebugSession } from '../api/kinds.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Informer } from '../kube/informer.ts';
import { redactJson } from '../redaction/redact-json.ts';
import type { ProgressHub } from '../session/progress.ts';
import { authorize } from './authorize.ts';

export interface ProgressRouteOptions {
  readonly client: KubeClient;
  readonly sessions: Informer<DebugSession>;
  readonly hub: ProgressHub;
  /** Whether this replica works on sessions: the hub of another one has nothing to tell. */
  readonly leading: () => boolean;
}

const route = /^\/api\/v1\/namespaces\/([a-z0-9.-]+)\/debugsessions\/([a-z0-9.-]+)\/progress$/;
const heartbeatMs = 10_000;

/**
 * Live progress as newline-delimited JSON, for whoever may `get` the session: the cluster says who that is. Progress never goes
 * through status. 503 where another replica leads: asked again on another connection, the Service may find that one. @throws ApiError when
 * the cluster cannot be asked.
 */
export async function serveProgress(
  options: ProgressRouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const match = route.exec((request.url ?? '').split('?', 1)[0] ?? '');
  if (request.method !== 'GET' || match === null) return void response.writeHead(404).end();
  if (!options.leading()) return elsewhere(response);
  const [, namespace = '', name = ''] = match;
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const wanted = { namespace, verb: 'get', resource: 'debugsessions', name };
  const verdict = await authorize(options.client, token, wanted, AbortSignal.timeout(10_000));
  if (verdict !== 200) return void response.writeHead(verdict).end();
  const session = options.sessions.store.get({ namespace, name });
  if (session === undefined) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  stream(options.hub, session.metadata.uid, response);
}

function elsewhere(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1', connection: 'close' });
  const message = 'live progress is told by the replica that leads, and this one does not: ask again, or ask that one';
  response.end(`${JSON.stringify({ code: 503, message })}\n`);
}

function stream(hub: ProgressHub, uid: string, response: ServerResponse): void {
  // Who is gone by now would never be seen to go.
  if (response.destroyed) return;
  const end = hub.watch(uid, (event) => void response.write(`${JSON.stringify(redactJson({ ...event }))}\n`));
  // An empty line keeps proxies from closing a quiet stream.
  const heartbeat = setInterval(() => void response.write('\n'), heartbeatMs);
  response.on('close', () => {
    clearInterval(heartbeat);
    end();
  });
}
