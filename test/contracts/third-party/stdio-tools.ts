import type { JsonObject } from '../../../controller/api/json.ts';
import { parseConfig } from '../../../controller/config/load.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import type { ToolClient } from '../../../controller/mcp/client.ts';
import { toolCredentials } from '../../../controller/mcp/credentials.ts';
import { connectForeign } from '../../../controller/mcp/foreign-server.ts';
import { connectStdio } from '../../../controller/mcp/stdio-client.ts';
import type { ToolContract } from '../../../controller/mcp/tool-list.ts';
import { startProcess } from '../../../controller/wiring/start-process.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { stdioConfig } from '../../helpers/stdio-config.ts';
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
  return harnessOf(client, calls);
}

function harnessOf(client: ToolClient, calls: readonly string[]): HarnessTools {
  const close = (): Promise<void> => client.close();
  return {
    calls,
    call: (tool, given, signal) => client.call(tool, given, signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}

export interface StdioEntry extends Pick<StdioServer, 'id' | 'contract'> {
  /** As the platform writes it into the operator's configuration. */
  readonly entry: JsonObject;
  /** All that a ToolServer would list. */
  readonly read: readonly string[];
}

/** The same all the way that a ToolServer goes: an entry of the operator's configuration, in the sandbox, by its name. */
export async function toolServerTools({ id, contract, entry, read }: StdioEntry): Promise<HarnessTools> {
  const signal = AbortSignal.timeout(startMs);
  const calls: string[] = [];
  const config = parseConfig(JSON.stringify(await stdioConfig({ [id]: entry }, signal)));
  const server = {
    id: `shop/${id}`,
    version: '1',
    endpoint: { stdio: id },
    tools: { read, write: [] },
    pins: {},
    timeoutMs: 20_000,
    maxBytes: 1024 * 1024,
  };
  const client = await connectForeign(
    server,
    {
      access: 'Read',
      clock: systemClock,
      credentials: toolCredentials({}),
      dialer: openDialer,
      startProcess: startProcess({ config, clock: systemClock }),
      contract,
      onCall: ({ tool }) => calls.push(tool),
    },
    signal,
  );
  return harnessOf(client, calls);
}
