import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Clock } from '../kube/clock.ts';
import { ToolClient } from './client.ts';
import type { ToolCallEvent } from './count-calls.ts';
import { ToolUnavailable } from './errors.ts';
import { failureText } from './failure-text.ts';
import { serveTools, type ToolAccess } from './server.ts';
import type { EmbeddedServer, ServerConnection } from './tool.ts';

export interface EmbeddedClientOptions {
  readonly access: ToolAccess;
  readonly clock: Clock;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Called for each `tools/call` message that is sent. */
  readonly onCall?: (event: ToolCallEvent) => void;
}

/** A client with the server that runs in this process for it. */
export interface EmbeddedClient {
  readonly client: ToolClient;
  /** Ends the connection, then the backend. */
  close(): Promise<void>;
}

/**
 * Starts an embedded server in this process and connects to it.
 * @throws ToolUnavailable when its backend cannot be made (settings or credentials that do not fit).
 */
export async function startEmbedded(
  embedded: EmbeddedServer,
  connection: ServerConnection,
  options: EmbeddedClientOptions,
  signal: AbortSignal,
): Promise<EmbeddedClient> {
  const backend = makeBackend(embedded, connection);
  const closeBackend = async (): Promise<void> => embedded.close?.(backend);
  try {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await serveTools(embedded, backend, options.access).connect(far);
    const client = await ToolClient.connect(
      near,
      { ...options, serverId: embedded.id, contract: embedded.tools },
      signal,
    );
    return {
      client,
      close: async () => {
        await client.close();
        await closeBackend();
      },
    };
  } catch (error) {
    await closeBackend();
    throw error;
  }
}

function makeBackend(embedded: EmbeddedServer, connection: ServerConnection): unknown {
  try {
    return embedded.connect(connection);
  } catch (error) {
    const words = failureText(error instanceof Error ? error.message : String(error));
    throw new ToolUnavailable({ server: embedded.id, tool: 'connect' }, words, { cause: error });
  }
}
