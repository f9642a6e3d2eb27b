import type { Json, JsonObject, JsonSchema } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { numberOf, objectOf, textOf } from '../../lib/reading.ts';

export interface PrometheusBackend {
  readonly connection: ServerConnection;
}

/** Which Prometheus is meant: an addition of ours to the tools of the contract, whose own server is bound to one. */
export const connectionSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: { url: { type: 'string', pattern: '^https?://[^@/?#]+(/[^@?#]*)?$', maxLength: 1024 } },
};

const defaultTimeoutMs = 10_000;
const mostBytes = 8 * 1024 * 1024;

/**
 * `data` of an answer of Prometheus' HTTP API. Settings: `{url?, timeoutMs?}`; the Secret: `token`, or `username` and `password`.
 * @throws ToolFault with Prometheus' own error type (bad_data, timeout, execution, ...), `Http<status>`, `UrlMissing`,
 * `NotPrometheus`; the dialer's errors as they are
 */
export async function ask(
  { connection }: PrometheusBackend,
  args: JsonObject,
  path: string,
  parameters: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Json> {
  const { dialer, settings } = connection;
  const { status, body } = await dialer.fetch(urlOf(connection, args, path, parameters), {
    headers: { accept: 'application/json', ...authorization(connection) },
    timeoutMs: numberOf(settings['timeoutMs']) ?? defaultTimeoutMs,
    maxBytes: mostBytes,
    // A credential goes to the address that it is for, and to no other.
    redirects: 0,
    signal,
  });
  const answer = parsed(body, status);
  if (answer['status'] === 'success') return answer['data'] ?? null;
  throw new ToolFault(textOf(answer['errorType']) ?? `Http${status}`, textOf(answer['error']) ?? `HTTP ${status}`);
}

function urlOf(
  { settings }: ServerConnection,
  args: JsonObject,
  path: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const base = textOf(objectOf(args['connection'])['url']) ?? textOf(settings['url']);
  if (base === undefined) throw new ToolFault('UrlMissing', 'neither the node nor the configuration names a URL');
  const url = new URL(`${base.replace(/\/+$/, '')}/api/v1/${path}`);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

function authorization({ credentials }: ServerConnection): Readonly<Record<string, string>> {
  const { token, username, password = '' } = credentials;
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** Errors are JSON as well; anything else comes from what stands before it. */
function parsed(body: Uint8Array, status: number): JsonObject {
  try {
    return objectOf(JSON.parse(new TextDecoder().decode(body)) as Json);
  } catch (cause) {
    throw new ToolFault(status < 400 ? 'NotPrometheus' : `Http${status}`, `HTTP ${status} without JSON`, { cause });
  }
}
