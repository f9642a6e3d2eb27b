import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import type { Json, JsonObject } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import { objectOf, textOf } from '../../lib/reading.ts';
import type { ClusterSettings } from './settings.ts';

const mostBytes = 16 * 1024 * 1024;
/** Whose fields ours are, in an object's managedFields. */
const fieldManager = 'threehops';

export interface ApiRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** A strategic merge patch. */
  readonly patch?: JsonObject;
  readonly signal: AbortSignal;
}

/** One request to a Kubernetes API. Answers JSON, or the text where it is none (logs). @throws ToolFault with the Status' reason */
export async function callApi(
  cluster: ClusterSettings,
  { agent, token }: { readonly agent: Agent; readonly token: string },
  asked: ApiRequest,
): Promise<Json> {
  const { status, text } = await exchange(urlOf(cluster, asked), agent, token, asked);
  const answer = parsed(text);
  if (status >= 200 && status < 300) return answer;
  const { reason, message } = objectOf(answer);
  const outcome = asked.patch !== undefined && status >= 500 ? 'Unknown' : 'NotDone';
  throw new ToolFault(textOf(reason) ?? `Http${status}`, textOf(message) ?? `status ${status}`, { outcome });
}

function urlOf(cluster: ClusterSettings, { path, query = {}, patch }: ApiRequest): URL {
  const url = new URL(`${cluster.server.pathname.replace(/\/$/, '')}${path}`, cluster.server);
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
  if (patch !== undefined) url.searchParams.set('fieldManager', fieldManager);
  return url;
}

async function exchange(
  url: URL,
  agent: Agent,
  token: string,
  { patch, signal }: ApiRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  const body = patch === undefined ? undefined : JSON.stringify(patch);
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json, */*',
    ...(body === undefined ? {} : { 'content-type': 'application/strategic-merge-patch+json' }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(url, { agent, headers, signal, method: body === undefined ? 'GET' : 'PATCH' }, resolve);
  sent.once('error', reject);
  sent.end(body);
  const answer = await promise;
  return { status: answer.statusCode ?? 0, text: await bounded(answer) };
}

async function bounded(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new ToolFault('AnswerTooLarge', `more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
