import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { closeServer, listen } from '../lab/parts/listen.ts';

/** How a server of somebody else's may be. */
export type Conduct = 'Good' | 'Hangs' | 'Dies' | 'Floods' | 'Lies';

export interface StandIn {
  readonly url: string;
  /** What it offers from now on. */
  tools: Tool[];
  conduct: Conduct;
  /** What its tools answer, as JSON text. */
  answer: (tool: string, args: Record<string, unknown>) => unknown;
  /** Every `tools/call` that came in. */
  readonly calls: { readonly tool: string; readonly args: Record<string, unknown> }[];
  readonly headers: IncomingHttpHeaders[];
  /** Forgets all sessions, as a server with state does when it is started anew. */
  restart(): void;
  stop(): Promise<void>;
}

/**
 * An MCP server over streamable HTTP on loopback, written with the SDK alone and nothing of ours. With `sessions` it wants to see the
 * session that it gave (`mcp-session-id`).
 */
export async function startStandIn(
  tools: Tool[],
  answer: StandIn['answer'],
  { sessions = false } = {},
): Promise<StandIn> {
  const known = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer((request, response) => {
    standIn.headers.push(request.headers);
    if (standIn.conduct === 'Dies') {
      request.socket.destroy();
      return;
    }
    const session = request.headers['mcp-session-id'];
    if (typeof session === 'string') {
      const kept = known.get(session);
      if (kept === undefined) response.writeHead(404).end();
      else void kept.handleRequest(request, response);
      return;
    }
    const transport = new StreamableHTTPServerTransport(
      sessions ? { sessionIdGenerator: randomUUID, onsessioninitialized: (id) => void known.set(id, transport) } : {},
    );
    const server = serve(standIn);
    if (!sessions) response.once('close', () => void server.close());
    void server.connect(transport as Transport).then(() => transport.handleRequest(request, response));
  });
  const port = await listen(http);
  const standIn: StandIn = {
    url: `http://127.0.0.1:${port}/mcp`,
    tools,
    conduct: 'Good',
    answer,
    calls: [],
    headers: [],
    restart: () => known.clear(),
    stop: () => closeServer(http),
  };
  return standIn;
}

function serve(standIn: StandIn): Server {
  const server = new Server({ name: 'stand-in', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: standIn.tools }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const { name, arguments: args = {} } = params;
    standIn.calls.push({ tool: name, args });
    if (standIn.conduct === 'Hangs') return new Promise<never>(() => undefined);
    const text =
      standIn.conduct === 'Floods' ? 'x'.repeat(16 * 1024 * 1024) : JSON.stringify(standIn.answer(name, args));
    if (standIn.conduct === 'Lies') return { content: [], structuredContent: { surprise: true } };
    return { content: [{ type: 'text' as const, text }] };
  });
  return server;
}
