import type { JsonObject } from '../../controller/api/json.ts';
import type { Dialer } from '../../controller/mcp/dialer.ts';
import { type EmbeddedClient, startEmbedded } from '../../controller/mcp/embedded-client.ts';
import type { ToolAccess } from '../../controller/mcp/server.ts';
import type { EmbeddedServer } from '../../controller/mcp/tool.ts';
import { systemClock } from '../../controller/kube/clock.ts';
import type { Tools } from '../../skills/skill.ts';
import { openDialer } from './open-dialer.ts';

export interface HarnessOptions {
  /** Read by default. */
  readonly access?: ToolAccess;
  /** By default one that reaches this machine's loopback addresses and nothing else. */
  readonly dialer?: Dialer;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** Tools of a server in this process. Close them at the end of the test, or hold them with `await using`. */
export interface HarnessTools extends Tools, AsyncDisposable {
  /** The names of the tools called so far, as they went over the transport. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

/** Runs a skill's embedded server in memory, spoken to by MCP as the operator does. Started by the first call. */
export function toolsFor<Backend>(
  server: EmbeddedServer<Backend>,
  settings: JsonObject = {},
  credentials: Readonly<Record<string, string>> = {},
  options: HarnessOptions = {},
): HarnessTools {
  const calls: string[] = [];
  let started: Promise<EmbeddedClient> | undefined;
  const start = async (signal: AbortSignal): Promise<EmbeddedClient> =>
    startEmbedded(
      server as EmbeddedServer,
      { settings, credentials, dialer: options.dialer ?? openDialer },
      { access: 'Read', clock: systemClock, ...options, onCall: ({ tool }) => calls.push(tool) },
      signal,
    );
  const close = async (): Promise<void> => {
    await (await started)?.close();
  };
  return {
    calls,
    close,
    [Symbol.asyncDispose]: close,
    async call(tool, args, signal) {
      started ??= start(signal);
      return (await started).client.call(tool, args, signal);
    },
  };
}
