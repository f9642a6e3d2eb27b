import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import type { Json, JsonObject } from '../api/json.ts';
import { describeFault } from './fault.ts';
import { checkOf, fillingCheckOf } from './schema.ts';
import type { EmbeddedServer, ToolDefinition } from './tool.ts';
import { encodeAnswer, encodeFailure, serverCodes, type WireResult } from './wire.ts';

/** What a session may call: `Read` leaves the write tools out altogether. */
export type ToolAccess = 'Read' | 'ReadWrite';

/** What the operator calls itself towards MCP peers. */
export const implementation = { name: 'threehops', version: '0.1.0' };

/** In characters of JSON; clients have limits of their own, below this. */
const largestAnswer = 16 * 1024 * 1024;

/** The MCP server of an embedded server over one backend. Connect it to a transport to run it. */
export function serveTools<Backend>(embedded: EmbeddedServer<Backend>, backend: Backend, access: ToolAccess): Server {
  const offered = offeredTools(embedded, access);
  const byName = new Map(offered.map((tool) => [tool.name, tool]));
  const server = new Server({ ...implementation, name: `threehops-${embedded.id}` }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: offered.map(describeTool) }));
  server.setRequestHandler(CallToolRequestSchema, async (request, { signal }) => {
    const tool = byName.get(request.params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `unknown tool ${request.params.name}`);
    return (await runTool(tool, request.params.arguments ?? {}, backend, signal)) as CallToolResult;
  });
  return server;
}

/** The tools that a caller with this access sees. */
export function offeredTools<Backend>(
  embedded: EmbeddedServer<Backend>,
  access: ToolAccess,
): readonly ToolDefinition<Backend>[] {
  return embedded.tools.filter((tool) => access === 'ReadWrite' || tool.access === 'Read');
}

function describeTool<Backend>(tool: ToolDefinition<Backend>): Tool {
  const described = {
    name: tool.name,
    description: tool.description,
    inputSchema: { type: 'object', ...tool.input },
    annotations: { readOnlyHint: tool.access === 'Read' },
    // MCP allows an output schema for objects alone; others are checked all the same, here and by our client.
    ...(tool.output['type'] === 'object' ? { outputSchema: tool.output } : {}),
  };
  return described as unknown as Tool;
}

async function runTool<Backend>(
  tool: ToolDefinition<Backend>,
  given: unknown,
  backend: Backend,
  signal: AbortSignal,
): Promise<WireResult> {
  // In process the arguments are the caller's own object: defaults must not be written into it.
  const args = structuredClone(given) as JsonObject;
  const wrong = fillingCheckOf(tool.input)(args);
  if (wrong !== undefined) return encodeFailure({ code: serverCodes.invalidArguments, message: `arguments: ${wrong}` });
  try {
    signal.throwIfAborted();
    return checkedAnswer(tool, await tool.handle(args, { backend, signal }));
  } catch (error) {
    return encodeFailure(describeFault(error, tool.access));
  }
}

function checkedAnswer<Backend>(tool: ToolDefinition<Backend>, answer: Json): WireResult {
  // Through text and back, so that what is checked and sent is JSON and shares nothing with the backend.
  const text = JSON.stringify(answer ?? null);
  const outcome = tool.access === 'Write' ? 'Unknown' : 'NotDone';
  // Before it is parsed and checked: megabytes of it would hold up everything else that runs in this process.
  if (text.length > largestAnswer) {
    const message = `the answer has ${text.length} characters, more than ${largestAnswer}`;
    return encodeFailure({ code: serverCodes.answerTooLarge, message, outcome });
  }
  const sent = JSON.parse(text) as Json;
  const wrong = checkOf(tool.output)(sent);
  if (wrong === undefined) return encodeAnswer(text, sent);
  return encodeFailure({ code: serverCodes.invalidAnswer, message: `answer: ${wrong}`, outcome });
}
