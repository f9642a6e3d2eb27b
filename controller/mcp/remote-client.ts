import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ToolClient, type ToolClientOptions } from './client.ts';
import type { Dialer } from './dialer.ts';
import { fetchVia } from './guards.ts';

export interface RemoteOptions extends ToolClientOptions {
  /** The server's streamable HTTP endpoint. */
  readonly url: string;
  /** What it wants to see, such as an authorization header; from a Secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Narrowed to the hosts that the credentials in `headers` allow. */
  readonly dialer: Dialer;
}

/** Beyond an answer's own limit: its JSON text is escaped once more, and comes beside the structured content. */
export const wireFactor = 4;

/**
 * Connects to an MCP server that runs elsewhere, such as a third party's behind a ToolServer.
 * @throws ToolUnavailable, ToolTimeout; the signal's reason.
 */
export async function connectRemote(options: RemoteOptions, signal: AbortSignal): Promise<ToolClient> {
  const maxBytes = wireFactor * (options.maxBytes ?? 4 * 1024 * 1024);
  // Each call has its own time; this one bounds what a server may hold open beyond it.
  const { timeoutMs = 30_000, startMs = timeoutMs } = options;
  const send = fetchVia(options.dialer, { timeoutMs: 2 * Math.max(timeoutMs, startMs), maxBytes });
  const transport = new StreamableHTTPClientTransport(new URL(options.url), {
    fetch: (url, init) => (isListening(init) ? Promise.resolve(notOffered()) : send(url, init)),
    requestInit: { headers: { ...options.headers } },
  });
  // The SDK's own types are not written for exactOptionalPropertyTypes.
  return ToolClient.connect(transport as Transport, options, signal);
}

/** The stream on which a server would speak unasked: we want nothing of it, and the answer 405 says that there is none. */
function isListening(init: RequestInit | undefined): boolean {
  return init?.method === 'GET';
}

function notOffered(): Response {
  return new Response(null, { status: 405 });
}
