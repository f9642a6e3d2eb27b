import {
  DescribeCacheClustersCommand,
  DescribeEventsCommand,
  DescribeReplicationGroupsCommand,
  type SourceType,
} from '@aws-sdk/client-elasticache';
import type { Json, JsonObject } from '../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { numberOf, textOf, timeOf } from '../../lib/reading.ts';
import { type ElastiCacheBackend, readerOf } from './backend.ts';

/**
 * The reads of the awslabs elasticache-mcp-server that are used. An error of ElastiCache fails the call, with its own code; theirs
 * answers it as `error`.
 */

const text = { type: ['string', 'null'], maxLength: 255 };
const flag = { type: ['boolean', 'null'] };
const paging = { max_records: { type: ['integer', 'null'], minimum: 20, maximum: 100 }, marker: text };
/** Strict, so that an answer that a server has wrapped is told from one that it has not. */
const listing = (name: string): JsonObject => ({
  type: 'object',
  anyOf: [{ required: [name] }, { required: ['error'] }],
  properties: { [name]: { type: 'array', items: { type: 'object' } }, error: { type: 'string' } },
});
const region = { type: 'string', description: "ignored: the operator's configuration says the region" };

export const describeCacheClusters: ToolDefinition<ElastiCacheBackend> = {
  name: 'describe-cache-clusters',
  description: 'Describes one cache cluster, or all of them.',
  access: 'Read',
  input: {
    type: 'object',
    properties: {
      cache_cluster_id: text,
      show_cache_node_info: flag,
      show_cache_clusters_not_in_replication_groups: flag,
      ...paging,
      region,
    },
  },
  output: listing('CacheClusters'),
  async handle(args, { backend, signal }) {
    const reads = await readerOf(backend, signal);
    const command = new DescribeCacheClustersCommand({
      CacheClusterId: textOf(args['cache_cluster_id']),
      ShowCacheNodeInfo: args['show_cache_node_info'] === true,
      ShowCacheClustersNotInReplicationGroups: args['show_cache_clusters_not_in_replication_groups'] === true,
      ...pageOf(args),
    });
    return plain('CacheClusters', await reads.send(command, { abortSignal: signal }));
  },
};

export const describeReplicationGroups: ToolDefinition<ElastiCacheBackend> = {
  name: 'describe-replication-groups',
  description: 'Describes one replication group, or all of them.',
  access: 'Read',
  input: { type: 'object', properties: { replication_group_id: text, ...paging, region } },
  output: listing('ReplicationGroups'),
  async handle(args, { backend, signal }) {
    const reads = await readerOf(backend, signal);
    const ReplicationGroupId = textOf(args['replication_group_id']);
    const command = new DescribeReplicationGroupsCommand({ ReplicationGroupId, ...pageOf(args) });
    return plain('ReplicationGroups', await reads.send(command, { abortSignal: signal }));
  },
};

export const describeEvents: ToolDefinition<ElastiCacheBackend> = {
  name: 'describe-events',
  description: 'Lists what happened to clusters, groups and parameters, of the last hour when no time is given.',
  access: 'Read',
  input: {
    type: 'object',
    properties: {
      source_type: text,
      source_identifier: text,
      start_time: text,
      end_time: text,
      duration: { type: ['integer', 'null'], minimum: 1, description: 'minutes' },
      ...paging,
      region,
    },
  },
  output: listing('Events'),
  async handle(args, { backend, signal }) {
    const reads = await readerOf(backend, signal);
    const command = new DescribeEventsCommand({
      SourceType: textOf(args['source_type']) as SourceType | undefined,
      SourceIdentifier: textOf(args['source_identifier']),
      StartTime: timeOf(args['start_time']),
      EndTime: timeOf(args['end_time']),
      Duration: numberOf(args['duration']),
      ...pageOf(args),
    });
    return plain('Events', await reads.send(command, { abortSignal: signal }));
  },
};

function pageOf(args: JsonObject): { readonly MaxRecords?: number | undefined; readonly Marker?: string | undefined } {
  return { MaxRecords: numberOf(args['max_records']), Marker: textOf(args['marker']) };
}

/** As JSON has it, with times as text, its list also where that is empty, and without the SDK's metadata. */
function plain(list: string, answer: object): Json {
  const read = { [list]: [], ...(JSON.parse(JSON.stringify(answer)) as JsonObject) };
  return Object.fromEntries(Object.entries(read).filter(([key]) => key !== '$metadata'));
}
