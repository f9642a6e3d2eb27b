import type { Config, Settings } from '../../config/config.ts';
import { defaultConfig, loadConfig } from '../../config/load.ts';
import { serverSettings } from '../../config/server-settings.ts';
import { systemClock } from '../../kube/clock.ts';
import { noCredentials, toolCredentials } from '../../mcp/credentials.ts';
import { createDialers } from '../../mcp/dialers.ts';
import { joinServers } from '../../mcp/joined-server.ts';
import type { ToolAccess } from '../../mcp/server.ts';
import { serveOverHttp } from '../../mcp/standalone-http.ts';
import { serveStandalone } from '../../mcp/standalone.ts';
import type { EmbeddedServer, ServerConnection } from '../../mcp/tool.ts';
import { type McpOrders, readArguments } from './arguments.ts';
import { environmentOf } from './environment.ts';
import { hostsIn, reachOf } from './reach.ts';
import { findSystem, type System } from './systems.ts';
import { usage } from './usage.ts';

/**
 * Runs the MCP server of a system alone until its client leaves or the signal aborts.
 * @throws UsageError, ConfigError, and what connecting to the system throws
 */
export async function mcp(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const command = readArguments(argv);
  if (command.kind === 'Help') {
    console.log(usage());
    return;
  }
  const system = findSystem(command.system);
  const config = command.config === undefined ? defaultConfig : await loadConfig(command.config, signal);
  const settings = settingsOf(system, config, command.settings);
  const access = command.write ? 'ReadWrite' : 'Read';
  const { connection, close } = connectionTo(system, settings, access, { ...command, config });
  try {
    // What it works on stays its own business, whoever runs it.
    const server = joinServers(system.name, system.servers) as EmbeddedServer;
    await serve(server, connection, access, command, signal);
  } finally {
    await close();
  }
}

/** By server id: the configuration's, over it the environment's, over that the command line's; allow-lists are the configuration's alone. */
function settingsOf({ name, servers }: System, config: Config, given: Settings): Settings {
  const settings = environmentOf(name).settings(process.env);
  const merged = servers.map(({ id }) => [id, { ...config.servers[id], ...settings, ...given }] as const);
  const all = serverSettings({ ...config, servers: { ...config.servers, ...Object.fromEntries(merged) } });
  return Object.fromEntries(servers.map(({ id }) => [id, all[id] ?? {}]));
}

function connectionTo(
  { name }: System,
  settings: Settings,
  access: ToolAccess,
  { config, allow }: Pick<McpOrders, 'allow'> & { readonly config: Config },
): { readonly connection: ServerConnection; readonly close: () => Promise<void> } {
  const environment = environmentOf(name);
  const credentials = environment.credentials(process.env);
  const named = hostsIn([settings, credentials]);
  const reach = reachOf(config.allow, [...(named.length === 0 ? environment.usualHosts : named), ...allow]);
  const dialers = createDialers({ allow: reach.allow, clock: systemClock });
  const isNeeded = Object.keys(credentials).length > 0;
  const shown = isNeeded ? toolCredentials(credentials, reach.credentialHosts) : noCredentials;
  return {
    connection: { settings, credentials, dialer: dialers.dialerFor(shown, access) },
    close: () => dialers.close(),
  };
}

async function serve(
  server: EmbeddedServer,
  connection: ServerConnection,
  access: ToolAccess,
  { http }: McpOrders,
  signal: AbortSignal,
): Promise<void> {
  if (http === undefined) {
    const streams = { input: process.stdin, output: process.stdout };
    return serveStandalone(server, connection, { access, ...streams }, signal);
  }
  // On standard error, as everything for people: on the other way in, standard output is the protocol's.
  const onListening = (url: string): void => console.error(`threehops: listening on ${url}`);
  return serveOverHttp(server, connection, { access, ...http, onListening }, signal);
}
