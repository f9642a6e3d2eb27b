import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { serveTools, type ToolAccess } from './server.ts';
import type { EmbeddedServer, ServerConnection } from './tool.ts';

export interface HttpOptions {
  readonly access: ToolAccess;
  /** A loopback address: nothing asks who calls. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Told where it listens, once it does. */
  readonly onListening: (url: string) => void;
}

const path = '/mcp';

/**
 * Runs an embedded server alone, spoken to by streamable HTTP without sessions: each POST is served by itself, on one backend. Ends when
 * the signal aborts.
 * @throws when it cannot listen
 */
export async function serveOverHttp(
  embedded: EmbeddedServer,
  connection: ServerConnection,
  { access, host, port, onListening }: HttpOptions,
  signal: AbortSignal,
): Promise<void> {
  const backend = embedded.connect(connection);
  const http = createServer((request, response) => {
    const refusal = refusalOf(request, namesOf(host, portOf(http.address())));
    if (refusal !== undefined) return void response.writeHead(refusal).end();
    answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const server = serveTools(embedded, backend, access);
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    // A caller that hangs up gives up its call.
    response.once('close', () => void server.close());
    // The SDK's own types are not written for exactOptionalPropertyTypes.
    await server.connect(transport as Transport);
    await transport.handleRequest(request, response);
  };
  const ended = Promise.withResolvers<void>();
  http.once('error', ended.reject).listen({ host, port, signal }, () => {
    onListening(`http://${bracketed(host)}:${portOf(http.address())}${path}`);
  });
  http.once('close', ended.resolve);
  signal.addEventListener('abort', () => http.closeAllConnections(), { once: true });
  try {
    await ended.promise;
  } finally {
    await embedded.close?.(backend);
  }
}

function portOf(address: AddressInfo | string | null): number {
  return (address as AddressInfo).port;
}

function namesOf(host: string, port: number): readonly string[] {
  return [bracketed(host), 'localhost'].map((name) => `${name}:${port}`);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** The status that turns a request away. A web page could have a browser call us: by its own origin, or by a name that it points here. */
function refusalOf({ url, method, headers }: IncomingMessage, names: readonly string[]): number | undefined {
  const { host, origin } = headers;
  if (host === undefined || !names.includes(host.toLowerCase())) return 403;
  if (origin !== undefined && !names.includes(origin.replace(/^http:\/\//, ''))) return 403;
  if (url?.split('?', 1)[0] !== path) return 404;
  return method === 'POST' ? undefined : 405;
}
