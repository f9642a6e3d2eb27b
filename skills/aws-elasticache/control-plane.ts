import type { JsonObject } from '../../controller/api/json.ts';
import { isDefined, listOf, numberOf, objectOf, textOf, timeOf } from '../lib/reading.ts';
import type { RedisAddress } from '../lib/redis/address.ts';
import type { Window } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import type { CacheTarget } from './parameters.ts';

export const clustersTool = 'describe-cache-clusters';
export const groupsTool = 'describe-replication-groups';
export const eventsTool = 'describe-events';

/** What ElastiCache says of a node or a group of them. */
export interface CacheState {
  /** The cluster that metrics and events are kept of: of a group its primary. */
  readonly cluster: string;
  readonly group?: string | undefined;
  /** Shards of the group beside the one that is looked at. */
  readonly otherShards: number;
  /** `available`, or what is being done to it. */
  readonly status: string;
  readonly nodeType: string;
  readonly engineVersion: string;
  readonly parameterGroup: string;
  /** `in-sync`, `applying` or `pending-reboot`. */
  readonly parametersApplied: string;
  readonly address: RedisAddress;
}

export interface CacheEvent {
  readonly at: Date;
  readonly source: string;
  readonly message: string;
}

/** ElastiCache answered an error; the contract has it as an ordinary answer. */
export class CacheAnswerError extends Error {
  constructor(words: string) {
    super(words);
    this.name = 'CacheAnswerError';
  }
}

export type Asking = Pick<ProbeContext, 'tools' | 'signal' | 'node'>;

/** @throws ToolError, CacheAnswerError, also where there is no such cluster */
export async function readCache(context: Asking, target: CacheTarget): Promise<CacheState> {
  if (target.group === undefined) return clusterState(context, target.cluster ?? '');
  const answer = await ask(context, groupsTool, { replication_group_id: target.group });
  const group = objectOf(listOf(answer['ReplicationGroups'])[0]);
  const shards = listOf(group['NodeGroups']);
  const shard = objectOf(shards[0]);
  const members = listOf(shard['NodeGroupMembers']).map(objectOf);
  const primary = members.find(({ CurrentRole }) => CurrentRole === 'primary') ?? members[0];
  const cluster = textOf(primary?.['CacheClusterId']) ?? textOf(listOf(group['MemberClusters'])[0]);
  if (cluster === undefined) throw new CacheAnswerError(`the replication group ${target.group} has no members`);
  const state = await clusterState(context, cluster);
  const tls = group['TransitEncryptionEnabled'] === true;
  const own = addressIn(objectOf(shard['PrimaryEndpoint']), tls);
  return {
    ...state,
    group: target.group,
    otherShards: Math.max(0, shards.length - 1),
    status: textOf(group['Status']) ?? state.status,
    address: Object.keys(own).length === 0 ? state.address : own,
  };
}

async function clusterState(context: Asking, cluster: string): Promise<CacheState> {
  const answer = await ask(context, clustersTool, { cache_cluster_id: cluster, show_cache_node_info: true });
  const found = objectOf(listOf(answer['CacheClusters'])[0]);
  if (textOf(found['CacheClusterId']) === undefined) throw new CacheAnswerError(`there is no cache cluster ${cluster}`);
  const parameters = objectOf(found['CacheParameterGroup']);
  const node = objectOf(listOf(found['CacheNodes'])[0]);
  return {
    otherShards: 0,
    cluster,
    status: textOf(found['CacheClusterStatus']) ?? 'unknown',
    nodeType: textOf(found['CacheNodeType']) ?? '',
    engineVersion: textOf(found['EngineVersion']) ?? '',
    parameterGroup: textOf(parameters['CacheParameterGroupName']) ?? '',
    parametersApplied: textOf(parameters['ParameterApplyStatus']) ?? 'in-sync',
    address: addressIn(objectOf(node['Endpoint']), found['TransitEncryptionEnabled'] === true),
  };
}

function addressIn(endpoint: JsonObject, tls: boolean): RedisAddress {
  const host = textOf(endpoint['Address']);
  const port = numberOf(endpoint['Port']);
  return host === undefined ? {} : { host, ...(port === undefined ? {} : { port }), ...(tls ? { tls } : {}) };
}

/** What happened to the cluster, its group and its parameters in the window, oldest first. */
export async function readEvents(context: Asking, state: CacheState, window: Window): Promise<readonly CacheEvent[]> {
  const sources = [
    { source_type: 'cache-cluster', source_identifier: state.cluster },
    ...(state.group === undefined ? [] : [{ source_type: 'replication-group', source_identifier: state.group }]),
    ...(state.parameterGroup === ''
      ? []
      : [{ source_type: 'cache-parameter-group', source_identifier: state.parameterGroup }]),
  ];
  const times = { start_time: window.from.toISOString(), end_time: window.to.toISOString() };
  const answers = await Promise.all(sources.map((source) => ask(context, eventsTool, { ...source, ...times })));
  const events = answers.flatMap((answer) => listOf(answer['Events']).map(objectOf).map(eventOf));
  return events.filter(isDefined).toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function eventOf(event: JsonObject): CacheEvent | undefined {
  const at = timeOf(event['Date']);
  const message = textOf(event['Message']);
  if (at === undefined || message === undefined) return undefined;
  return { at, message, source: textOf(event['SourceIdentifier']) ?? '' };
}

/** @throws CacheAnswerError */
export async function ask({ tools, node, signal }: Asking, tool: string, args: JsonObject): Promise<JsonObject> {
  const region = textOf(node.with['region']);
  const answer = objectOf(await tools.call(tool, { ...args, ...(region === undefined ? {} : { region }) }, signal));
  const words = textOf(answer['error']);
  if (words !== undefined) throw new CacheAnswerError(words);
  return answer;
}
