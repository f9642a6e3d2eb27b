import type { Json, JsonObject } from '../api/json.ts';
import type { EmbeddedServer, ServerConnection, ToolDefinition } from './tool.ts';

/** The backend of each server, by its id. */
type Backends = ReadonlyMap<string, unknown>;

/**
 * Several embedded servers as one. A tool that more than one of them has, such as `get_metric_data`, is that of the first. The
 * connection's settings are by server id, as in the operator's configuration.
 */
export function joinServers(id: string, servers: readonly EmbeddedServer[]): EmbeddedServer<Backends> {
  const tools = new Map<string, ToolDefinition<Backends>>();
  for (const server of servers) {
    for (const tool of server.tools) if (!tools.has(tool.name)) tools.set(tool.name, onBackendOf(server.id, tool));
  }
  return {
    id,
    tools: [...tools.values()],
    connect: (connection) =>
      new Map(servers.map((server) => [server.id, server.connect(partOf(connection, server.id))])),
    async close(backends) {
      await Promise.all(servers.map(async (server) => server.close?.(backends.get(server.id))));
    },
  };
}

function onBackendOf(server: string, tool: ToolDefinition<unknown>): ToolDefinition<Backends> {
  const handle: ToolDefinition<Backends>['handle'] = (args, { backend, signal }): Promise<Json> =>
    tool.handle(args, { backend: backend.get(server), signal });
  return { ...tool, handle };
}

function partOf(connection: ServerConnection, server: string): ServerConnection {
  return { ...connection, settings: (connection.settings[server] ?? {}) as JsonObject };
}
