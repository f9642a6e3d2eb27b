import {
  DescribeCacheParametersCommand,
  ModifyCacheParameterGroupCommand,
  type Parameter,
} from '@aws-sdk/client-elasticache';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { policySchema } from '../../lib/redis/eviction.ts';
import { textOf } from '../../lib/reading.ts';
import type { ElastiCacheBackend } from './backend.ts';

const group = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9.-]*$', maxLength: 255 };
const policyParameter = 'maxmemory-policy';
/** A group of Redis has about a hundred parameters; far more pages than that is no group. */
const mostPages = 20;

/**
 * Sets maxmemory-policy of a parameter group, provided that it is still the expected one. It holds for every cache with that group, at
 * once and without a restart. @throws ToolFault `PolicyChanged`, `AccountNotAllowed`; what ElastiCache throws of a default group
 */
export const setCachePolicy: ToolDefinition<ElastiCacheBackend> = {
  name: 'threehops_set_cache_maxmemory_policy',
  description: 'Sets maxmemory-policy of a cache parameter group, fenced by the policy that was seen.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['group', 'policy', 'expected'],
    properties: { group, policy: policySchema, expected: policySchema },
  },
  output: { type: 'object', required: ['policy'], properties: { policy: { type: 'string' } } },
  async handle(args, { backend, signal }) {
    const [name = '', policy = ''] = [textOf(args['group']), textOf(args['policy'])];
    const aws = backend.aws();
    await aws.account.assertAllowed(signal);
    const current = await policyOf(backend, name, signal);
    if (current !== args['expected'] && current !== policy) {
      throw new ToolFault('PolicyChanged', `the policy of ${name} has become ${current ?? 'unknown'}`);
    }
    signal.throwIfAborted();
    const ParameterNameValues = [{ ParameterName: policyParameter, ParameterValue: policy }];
    const command = new ModifyCacheParameterGroupCommand({ CacheParameterGroupName: name, ParameterNameValues });
    await aws.writes.send(command, { abortSignal: signal });
    return { policy };
  },
};

export const getCachePolicy: ToolDefinition<ElastiCacheBackend> = {
  name: 'threehops_get_cache_maxmemory_policy',
  description: 'Reads maxmemory-policy of a cache parameter group.',
  access: 'Read',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['group'],
    properties: {
      group,
      region: { type: 'string', description: "ignored: the operator's configuration says the region" },
    },
  },
  output: { type: 'object', required: ['policy'], properties: { policy: { type: 'string' } } },
  async handle(args, { backend, signal }) {
    const name = textOf(args['group']) ?? '';
    const policy = await policyOf(backend, name, signal);
    if (policy === undefined) throw new ToolFault('ParameterMissing', `${name} has no ${policyParameter}`);
    return { policy };
  },
};

async function policyOf(backend: ElastiCacheBackend, name: string, signal: AbortSignal): Promise<string | undefined> {
  const aws = backend.aws();
  await aws.checkEndpoint(signal);
  const isPolicy = ({ ParameterName }: Parameter): boolean => ParameterName === policyParameter;
  let marker: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const command = new DescribeCacheParametersCommand({ CacheParameterGroupName: name, Marker: marker });
    const { Parameters = [], Marker } = await aws.reads.send(command, { abortSignal: signal });
    const found = Parameters.find(isPolicy)?.ParameterValue;
    if (found !== undefined || Marker === undefined || Marker === '') return found;
    marker = Marker;
  }
  return undefined;
}
