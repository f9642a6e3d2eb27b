import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { systemClock } from '../../../controller/kube/clock.ts';
import { ToolClient } from '../../../controller/mcp/client.ts';
import type { ToolContract } from '../../../controller/mcp/tool-list.ts';
import type { HarnessTools } from '../../helpers/tool-harness.ts';

export interface StdioServer {
  readonly id: string;
  readonly command: string;
  readonly args?: readonly string[];
  /** All that it finds in its environment, but for where programs are. */
  readonly env: Readonly<Record<string, string>>;
  /** The embedded server's tools: a server that is to stand in for it is held to the same. */
  readonly contract: readonly ToolContract[];
  /** Where the names of called tools are added; a list of its own without it. */
  readonly calls?: string[];
}

/** Python servers import for up to half a minute on a busy machine. */
const startMs = 120_000;

/** The tools of a server that runs as a process of its own, spoken to as the operator does; what goes over is counted. */
export async function stdioTools({
  id,
  command,
  args = [],
  env,
  contract,
  calls = [],
}: StdioServer): Promise<HarnessTools> {
  const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env };
  const transport = new StdioClientTransport({ command, args: [...args], env: environment, stderr: 'ignore' });
  countCalls(transport as Transport, calls);
  const options = { serverId: id, access: 'Read', clock: systemClock, contract, timeoutMs: startMs } as const;
  const client = await ToolClient.connect(transport as Transport, options, AbortSignal.timeout(startMs));
  const close = (): Promise<void> => client.close();
  return {
    calls,
    call: (tool, given, signal) => client.call(tool, given, signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Adds the names of the tools in the `tools/call` messages that leave by a transport. */
function countCalls(transport: Transport, calls: string[]): void {
  const send = transport.send.bind(transport);
  transport.send = (message: JSONRPCMessage, options) => {
    if ('method' in message && message.method === 'tools/call') calls.push(String(message.params?.['name']));
    return send(message, options);
  };
}
