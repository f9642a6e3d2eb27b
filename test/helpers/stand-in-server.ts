import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';

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
  stop(): Promise<void>;
}

/** An MCP server over streamable HTTP on loopback, written with the SDK alone and nothing of ours. */
export async function startStandIn(tools: Tool[], answer: StandIn['answer']): Promise<StandIn> {
  const http = createServer((request, response) => {
    standIn.headers.push(request.headers);
    if (standIn.conduct === 'Dies') {
      request.socket.destroy();
      return;
    }
    const transport = new StreamableHTTPServerTransport({});
    const server = serve(standIn);
    response.once('close', () => void server.close());
    void server.connect(transport as Transport).then(() => transport.handleRequest(request, response));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const standIn: StandIn = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    tools,
    conduct: 'Good',
    answer,
    calls: [],
    headers: [],
    async stop() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
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
