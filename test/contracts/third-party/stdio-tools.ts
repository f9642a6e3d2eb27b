import { systemClock } from '../../../controller/kube/clock.ts';
import { connectStdio } from '../../../controller/mcp/stdio-client.ts';
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
  const client = await connectStdio(
    {
      serverId: id,
      access: 'Read',
      clock: systemClock,
      contract,
      timeoutMs: startMs,
      onCall: ({ tool }) => calls.push(tool),
      command: [command, ...args],
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
      cwd: process.cwd(),
    },
    AbortSignal.timeout(startMs),
  );
  const close = (): Promise<void> => client.close();
  return {
    calls,
    call: (tool, given, signal) => client.call(tool, given, signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}
