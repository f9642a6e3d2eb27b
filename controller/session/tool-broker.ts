import type { DebugSession, ToolServer } from '../api/kinds.ts';
import type { Json, JsonObject } from '../api/json.ts';
import type { Coalescer } from '../mcp/coalesce.ts';
import { bareSchema } from '../mcp/bare-schema.ts';
import { foreignServerOf, standIn, type ToolServers } from '../extensions/tool-servers.ts';
import { noCredentials, type ToolCredentials } from '../mcp/credentials.ts';
import { ToolRefused, ToolUnavailable } from '../mcp/errors.ts';
import type { ForeignServer } from '../mcp/foreign-server.ts';
import type { ToolPool } from '../mcp/pool.ts';
import type { SecretCredentials } from '../mcp/secrets.ts';
import type { TopologySource } from '../topology/resolved.ts';
import { limitsOf, type ConfiguredLimits } from './limits.ts';
import type { FurtherReads, ToolBroker, ToolDescription, ToolUse } from './dependencies.ts';

/** Characters of a schema of a server that is not ours, as a model is told it. */
const mostSchema = 16_000;

export interface ToolBrokerOptions {
  readonly pool: Pick<ToolPool, 'get'>;
  readonly secrets: Pick<SecretCredentials, 'read'>;
  readonly coalescer: Pick<Coalescer, 'share'>;
  readonly topologies: TopologySource;
  readonly toolServers: ToolServers;
  readonly limits: ConfiguredLimits;
}

/** Gives skills their tools: restricted to what the skill lists, with the map's credentials, counted. */
export class PooledToolBroker implements ToolBroker {
  readonly #options: ToolBrokerOptions;
  readonly #calls = new Map<string, number>();

  constructor(options: ToolBrokerOptions) {
    this.#options = options;
  }

  toolsFor(
    session: DebugSession,
    use: ToolUse,
  ): { call(tool: string, args: JsonObject, signal: AbortSignal): Promise<Json> } {
    return { call: (tool, args, signal) => this.#call(session, use, { tool, args }, signal) };
  }

  furtherReads(use: ToolUse): FurtherReads {
    const toolServer = this.#toolServer(use);
    if (toolServer === undefined) return { server: use.skill.server, tools: [] };
    const { id, tools } = serverFor(use, toolServer);
    const { read, write } = use.skill.tools;
    return { server: id, tools: tools.read.filter((name) => !read.includes(name) && !write.includes(name)) };
  }

  async definitionOf(use: ToolUse, tool: string, signal: AbortSignal): Promise<ToolDescription> {
    const { server, credentials } = await this.#route(use, false, signal);
    const client = await this.#options.pool.get(server, credentials, 'Read', signal);
    const known = client.tools.find(({ name, access }) => name === tool && access === 'Read');
    if (known === undefined) {
      throw new ToolUnavailable({ server: client.serverId, tool }, 'the server does not offer this tool');
    }
    const { description = tool, input = { type: 'object' }, foreign } = known;
    if (foreign !== true) return { description, input };
    // What a server of somebody else says of its tools is nothing to go by.
    const bare = bareSchema(input);
    if (bare === undefined) {
      throw new ToolUnavailable({ server: client.serverId, tool }, 'it wants an argument whose name is no word');
    }
    if (JSON.stringify(bare).length > mostSchema) {
      throw new ToolUnavailable({ server: client.serverId, tool }, 'its arguments are described at too great length');
    }
    return { description: tool, input: bare };
  }

  unwrittenCalls(uid: string): number {
    return this.#calls.get(uid) ?? 0;
  }

  callsWritten(uid: string, calls: number): void {
    const left = this.unwrittenCalls(uid) - calls;
    if (left > 0) this.#calls.set(uid, left);
    else this.#calls.delete(uid);
  }

  async #call(
    session: DebugSession,
    use: ToolUse,
    { tool, args }: { readonly tool: string; readonly args: JsonObject },
    signal: AbortSignal,
  ): Promise<Json> {
    const { skill, access } = use;
    const write = skill.tools.write.includes(tool);
    const read = skill.tools.read.includes(tool) || (access === 'Read' && this.furtherReads(use).tools.includes(tool));
    if (!write && !read) {
      throw new ToolRefused({ server: skill.server, tool }, 'the skill does not list this tool');
    }
    if (write && access === 'Read')
      throw new ToolRefused({ server: skill.server, tool }, 'only reads are granted here');
    this.#count(session, use, { server: skill.server, tool });
    const { server, credentials } = await this.#route(use, write, signal);
    const ask = async (until: AbortSignal): Promise<Json> => {
      const client = await this.#options.pool.get(server, credentials, write ? 'ReadWrite' : 'Read', until);
      return client.call(tool, args, until);
    };
    if (write || !use.shareable) return ask(signal);
    const question = { identity: `${identityOf(server)}\n${tool}`, args, credentials: credentials.digest };
    return this.#options.coalescer.share(question, ask, signal);
  }

  #count(
    session: DebugSession,
    { unlimited, uncounted }: ToolUse,
    address: { readonly server: string; readonly tool: string },
  ): void {
    if (uncounted === true) return;
    const { uid } = session.metadata;
    const now = (this.#calls.get(uid) ?? 0) + 1;
    const { toolCalls: limit } = limitsOf(session, this.#options.limits);
    if (unlimited !== true && (session.status?.usage?.toolCalls ?? 0) + now > limit) {
      throw new ToolRefused(address, `the session's limit of ${limit} tool calls is used up`);
    }
    this.#calls.set(uid, now);
  }

  /** The server that the map has for the skill, and what it wants to see: a ToolServer names its own Secret. */
  async #route(use: ToolUse, write: boolean, signal: AbortSignal): Promise<Route> {
    const toolServer = this.#toolServer(use);
    if (toolServer === undefined) {
      return { server: use.skill.server, credentials: await this.#credentials(use, write, signal) };
    }
    const server = serverFor(use, toolServer);
    const secret = toolServer.spec.credentials?.secretRef.name;
    if (secret === undefined) return { server, credentials: noCredentials };
    const { namespace, name } = toolServer.metadata;
    const field = `spec.credentials.secretRef of ToolServer ${name}`;
    return { server, credentials: await this.#options.secrets.read(namespace, secret, signal, field) };
  }

  /** Of the map's own namespace always. @throws ToolUnavailable when it is not there. */
  #toolServer({ skill, topology }: ToolUse): ToolServer | undefined {
    const [namespace = '', mapName = ''] = topology.split('/');
    const name = skill.toolServer ?? standIn(this.#options.topologies.get(namespace, mapName), skill.server);
    if (name === undefined) return undefined;
    const found = this.#options.toolServers.get({ namespace, name });
    if (found !== undefined) return found;
    const address = { server: `${namespace}/${name}`, tool: 'connect' };
    throw new ToolUnavailable(address, `there is no ToolServer ${name} in namespace ${namespace}`);
  }

  /** The write Secret for writes, the read one for reads; where only one is declared it serves what it is declared for. */
  async #credentials(use: ToolUse, write: boolean, signal: AbortSignal): Promise<ToolCredentials> {
    const [namespace = '', name = ''] = use.topology.split('/');
    const topology = this.#options.topologies.get(namespace, name);
    const access = write ? 'Write' : 'Read';
    const { id, server } = use.skill;
    const entry = topology?.spec.credentials?.find(
      (known) => known.access === access && (known.skill === id || known.skill === server),
    );
    if (entry === undefined) return noCredentials;
    const field = `spec.credentials[skill=${entry.skill},access=${access}].secretRef`;
    return this.#options.secrets.read(namespace, entry.secretRef.name, signal, field);
  }
}

function serverFor({ skill }: ToolUse, toolServer: ToolServer): ForeignServer {
  return foreignServerOf(toolServer, skill.toolServer === undefined ? skill.server : undefined);
}

interface Route {
  readonly server: string | ForeignServer;
  readonly credentials: ToolCredentials;
}

function identityOf(server: string | ForeignServer): string {
  return typeof server === 'string' ? server : `${server.id} ${server.version}`;
}
