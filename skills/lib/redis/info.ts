import type { Json, JsonObject } from '../../../controller/api/json.ts';
import { isDefined, listOf, numberOf, objectOf, textOf } from '../reading.ts';
import type { ProbeContext } from '../../skill.ts';
import { connectionOf } from './address.ts';

export const infoTool = 'info';
export const clientListTool = 'client_list';
export const sizeTool = 'dbsize';
export const slowLogTool = 'threehops_slowlog';
export const redisReadTools = [infoTool, clientListTool, sizeTool, slowLogTool] as const;

/** What INFO says, as far as it is read here. Sizes are bytes; counters count since the server started or was reset. */
export interface RedisInfo {
  /** The server's time, or ours where INFO does not tell it. */
  readonly at: Date;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly usedMemory: number;
  /** 0: without a bound of its own. */
  readonly maxMemory: number;
  readonly policy: string;
  readonly clients: number;
  readonly maxClients: number;
  readonly blockedClients: number;
  readonly evictedKeys: number;
  readonly rejectedConnections: number;
  /** Lookups that found a key, and that found none. */
  readonly hits: number;
  readonly misses: number;
  /** Of all databases, and how many of them have an expiry. */
  readonly keys: number;
  readonly expiringKeys: number;
  readonly opsPerSecond: number;
  /** Error replies by their first word: OOM, MISCONF, READONLY, ... */
  readonly errors: Readonly<Record<string, number>>;
  readonly role: string;
  readonly primaryLinkUp: boolean;
  readonly primaryLinkDownSeconds: number;
  readonly loading: boolean;
  readonly lastSaveFailed: boolean;
}

type Reader = Pick<ProbeContext, 'tools' | 'signal' | 'node' | 'clock'>;

/**
 * @param reading the first or the second of a probe: equal calls close together may be answered as one
 * @throws ToolError, TypeError when the server answered words instead
 */
export async function readInfo(context: Reader, reading: 1 | 2): Promise<RedisInfo> {
  const answer = await callTool(context, infoTool, { section: 'default', reading });
  const info = objectOf(objectOf(answer)['result'] ?? answer);
  if (numberOf(info['used_memory']) === undefined) throw new TypeError(`info: ${wordsOf(answer)}`);
  const micros = numberOf(info['server_time_usec']);
  return parseInfo(info, micros === undefined ? context.clock.now() : new Date(micros / 1000));
}

export interface RedisClients {
  /** How many connections each program holds, by the name it gave itself, else by its address. */
  readonly programs: readonly { readonly name: string; readonly count: number }[];
  /** When each connected, and when each that waits in a blocking command began to. */
  readonly connected: readonly Date[];
  readonly blocked: readonly Date[];
}

export const noClients: RedisClients = { programs: [], connected: [], blocked: [] };

export async function readClients(context: Reader): Promise<RedisClients> {
  const clients = rowsOf(await callTool(context, clientListTool, {})).map(objectOf);
  const now = context.clock.now().getTime();
  const before = (seconds: Json | undefined): readonly Date[] => {
    const age = numberOf(seconds);
    return age === undefined ? [] : [new Date(now - age * 1000)];
  };
  return {
    programs: programsOf(clients),
    connected: clients.flatMap(({ age }) => before(age)),
    blocked: clients.filter(({ flags }) => textOf(flags)?.includes('b')).flatMap(({ idle }) => before(idle)),
  };
}

function programsOf(clients: readonly JsonObject[]): RedisClients['programs'] {
  const groups = Map.groupBy(clients, (client) => textOf(client['name']) ?? addressIn(client));
  return [...groups]
    .map(([name, group]) => ({ name, count: group.length }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

export interface SlowCommand {
  readonly at: Date;
  readonly ms: number;
  readonly command: string;
  readonly client: string;
}

export async function readSlowCommands(context: Reader): Promise<readonly SlowCommand[]> {
  const entries = rowsOf(await callTool(context, slowLogTool, {}));
  return entries.map(parseSlowCommand).filter(isDefined);
}

async function callTool(context: Reader, tool: string, args: JsonObject): Promise<Json> {
  return context.tools.call(tool, { ...args, ...connectionOf(context.node.with) }, context.signal);
}

/**
 * A list as it is or wrapped as `result`. Servers on FastMCP hand a list over as one text an item: JSON on lines, and one item alone
 * as itself.
 */
function rowsOf(answer: Json): readonly Json[] {
  if (typeof answer === 'string') return answer.split('\n').flatMap(parsedLine);
  if (Array.isArray(answer)) return listOf(answer);
  const wrapped = objectOf(answer)['result'];
  return wrapped === undefined ? [answer] : listOf(wrapped);
}

function parsedLine(line: string): readonly Json[] {
  try {
    return [JSON.parse(line) as Json];
  } catch {
    return [];
  }
}

function addressIn(client: JsonObject): string {
  return (textOf(client['addr']) ?? 'unknown').replace(/:\d+$/, '');
}

function parseSlowCommand(value: Json): SlowCommand | undefined {
  const row = objectOf(value);
  const seconds = numberOf(row['time']);
  const micros = numberOf(row['microseconds']);
  if (seconds === undefined || micros === undefined) return undefined;
  return {
    at: new Date(seconds * 1000),
    ms: micros / 1000,
    command: textOf(row['command']) ?? '',
    client: textOf(row['client']) ?? '',
  };
}

function parseInfo(info: JsonObject, at: Date): RedisInfo {
  const number = (name: string): number => numberOf(info[name]) ?? 0;
  return {
    at,
    version: textOf(info['redis_version']) ?? '',
    uptimeSeconds: number('uptime_in_seconds'),
    usedMemory: number('used_memory'),
    maxMemory: number('maxmemory'),
    policy: textOf(info['maxmemory_policy']) ?? '',
    clients: number('connected_clients'),
    maxClients: number('maxclients'),
    blockedClients: number('blocked_clients'),
    evictedKeys: number('evicted_keys'),
    rejectedConnections: number('rejected_connections'),
    hits: number('keyspace_hits'),
    misses: number('keyspace_misses'),
    keys: inDatabases(info, 'keys'),
    expiringKeys: inDatabases(info, 'expires'),
    opsPerSecond: number('instantaneous_ops_per_sec'),
    errors: errorCounts(info),
    role: textOf(info['role']) ?? '',
    primaryLinkUp: (textOf(info['master_link_status']) ?? 'up') === 'up',
    primaryLinkDownSeconds: number('master_link_down_since_seconds'),
    loading: number('loading') === 1,
    lastSaveFailed: [info['rdb_last_bgsave_status'], info['aof_last_write_status']].includes('err'),
  };
}

function errorCounts(info: JsonObject): Readonly<Record<string, number>> {
  const entries = Object.entries(info).flatMap(([name, value]) => {
    const word = /^errorstat_(.+)$/.exec(name)?.[1];
    return word === undefined ? [] : [[word, numberOf(objectOf(value)['count']) ?? 0] as const];
  });
  return Object.fromEntries(entries);
}

/** `db0: {keys, expires, avg_ttl}`, an entry for each database that holds anything. */
function inDatabases(info: JsonObject, field: string): number {
  const databases = Object.entries(info).filter(([name]) => /^db\d+$/.test(name));
  return databases.reduce((sum, [, one]) => sum + (numberOf(objectOf(one)[field]) ?? 0), 0);
}

function wordsOf(answer: Json): string {
  return typeof answer === 'string' ? answer.slice(0, 300) : 'the answer does not say how much memory is used';
}
