import {
  DescribeCacheParameterGroupsCommand,
  DescribeCacheParametersCommand,
  DescribeEngineDefaultParametersCommand,
  type ElastiCacheClient,
  ModifyCacheParameterGroupCommand,
  type Parameter,
} from '@aws-sdk/client-elasticache';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { textOf } from '../../lib/reading.ts';
import { type ElastiCacheBackend, readerOf } from './backend.ts';

const group = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9.-]*$', maxLength: 255 };
const parameter = { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 255 };
const value = { type: 'string', maxLength: 255 };
/** A group of Redis has about a hundred parameters; far more pages than that is no group. */
const mostPages = 20;

export const getCacheParameters: ToolDefinition<ElastiCacheBackend> = {
  name: 'threehops_get_cache_parameters',
  description: 'Lists the parameters of a cache parameter group, each with the default of its family.',
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
  output: {
    type: 'object',
    required: ['parameters'],
    properties: {
      parameters: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'value'],
          properties: { name: parameter, value, default: value },
        },
      },
    },
  },
  async handle(args, { backend, signal }) {
    const name = textOf(args['group']) ?? '';
    const reads = await readerOf(backend, signal);
    const [values, defaults] = await Promise.all([
      valuesOf(reads, name, signal),
      familyOf(reads, name, signal).then((family) => defaultsOf(reads, family, signal)),
    ]);
    const parameters = [...values].map(([one, now]) => {
      const byDefault = defaults.get(one);
      return { name: one, value: now, ...(byDefault === undefined ? {} : { default: byDefault }) };
    });
    return { parameters };
  },
};

/**
 * Sets a parameter of a group, provided that it is still what is expected. It holds for every cache with that group; most parameters at
 * once and without a restart. @throws ToolFault `ParameterChanged`, `AccountNotAllowed`; what ElastiCache throws of a default group
 */
export const setCacheParameter: ToolDefinition<ElastiCacheBackend> = {
  name: 'threehops_set_cache_parameter',
  description: 'Sets a parameter of a cache parameter group, fenced by the value that was seen.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['group', 'parameter', 'value', 'expected'],
    properties: { group, parameter, value, expected: value },
  },
  output: { type: 'object', required: ['value'], properties: { value } },
  async handle(args, { backend, signal }) {
    const [name = '', one = '', wanted = ''] = ['group', 'parameter', 'value'].map((key) => textOf(args[key]));
    const reads = await readerOf(backend, signal);
    const { writes, account } = backend.aws();
    await account.assertAllowed(signal);
    const current = (await valuesOf(reads, name, signal)).get(one);
    if (current !== args['expected'] && current !== wanted) {
      throw new ToolFault('ParameterChanged', `${one} of ${name} has become ${current ?? 'unknown'}`);
    }
    signal.throwIfAborted();
    const ParameterNameValues = [{ ParameterName: one, ParameterValue: wanted }];
    const command = new ModifyCacheParameterGroupCommand({ CacheParameterGroupName: name, ParameterNameValues });
    await writes.send(command, { abortSignal: signal });
    return { value: wanted };
  },
};

type Values = ReadonlyMap<string, string>;

async function familyOf(reads: ElastiCacheClient, name: string, abortSignal: AbortSignal): Promise<string | undefined> {
  const command = new DescribeCacheParameterGroupsCommand({ CacheParameterGroupName: name });
  const { CacheParameterGroups = [] } = await reads.send(command, { abortSignal });
  return CacheParameterGroups[0]?.CacheParameterGroupFamily;
}

function valuesOf(reads: ElastiCacheClient, name: string, abortSignal: AbortSignal): Promise<Values> {
  return allOf((Marker) =>
    reads.send(new DescribeCacheParametersCommand({ CacheParameterGroupName: name, Marker }), { abortSignal }),
  );
}

function defaultsOf(reads: ElastiCacheClient, family: string | undefined, abortSignal: AbortSignal): Promise<Values> {
  return allOf(async (Marker) => {
    const command = new DescribeEngineDefaultParametersCommand({ CacheParameterGroupFamily: family, Marker });
    return (await reads.send(command, { abortSignal })).EngineDefaults ?? {};
  });
}

interface Page {
  readonly Parameters?: Parameter[] | undefined;
  readonly Marker?: string | undefined;
}

async function allOf(pageAt: (marker: string | undefined) => Promise<Page>): Promise<Values> {
  const found = new Map<string, string>();
  let marker: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { Parameters = [], Marker } = await pageAt(marker);
    for (const { ParameterName, ParameterValue } of Parameters) {
      if (ParameterName !== undefined && ParameterValue !== undefined) found.set(ParameterName, ParameterValue);
    }
    if (Marker === undefined || Marker === '') break;
    marker = Marker;
  }
  return found;
}
