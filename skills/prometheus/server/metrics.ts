import type { Json, JsonObject } from '../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { listOf, objectOf, textOf, textsOf } from '../../lib/reading.ts';
import { ask, connectionSchema, type PrometheusBackend } from './api.ts';
import { page, pageSchema } from './page.ts';

const filter = { type: ['string', 'null'], maxLength: 200, description: 'Part of the name, whatever its case' };

/** The tool of prometheus-mcp-server. Nothing is cached, so `refresh_cache` changes nothing. */
export const listMetrics: ToolDefinition<PrometheusBackend> = {
  name: 'list_metrics',
  description: 'Lists the names of all metrics.',
  access: 'Read',
  input: {
    type: 'object',
    properties: {
      ...pageSchema,
      filter_pattern: filter,
      refresh_cache: { type: 'boolean' },
      connection: connectionSchema,
    },
  },
  output: {
    type: 'object',
    required: ['metrics', 'total_count', 'returned_count', 'offset', 'has_more'],
    properties: { metrics: { type: 'array', items: { type: 'string' } } },
  },
  async handle(args, { backend, signal }) {
    const names = textsOf(await ask(backend, args, 'label/__name__/values', {}, signal));
    const wanted = textOf(args['filter_pattern'])?.toLowerCase() ?? '';
    const { items, ...counts } = page(
      names.filter((name) => name.toLowerCase().includes(wanted)),
      args,
    );
    return { metrics: items, ...counts };
  },
};

/** The tool of prometheus-mcp-server: a list for one metric, else an object by name. */
export const getMetricMetadata: ToolDefinition<PrometheusBackend> = {
  name: 'get_metric_metadata',
  description: 'Tells type, unit and help of one metric, or of all.',
  access: 'Read',
  input: {
    type: 'object',
    properties: {
      ...pageSchema,
      metric: { type: ['string', 'null'], maxLength: 255 },
      filter_pattern: filter,
      connection: connectionSchema,
    },
  },
  output: { anyOf: [{ type: 'array' }, { type: 'object', required: ['metadata', 'total_count'] }] },
  async handle(args, { backend, signal }) {
    const metric = textOf(args['metric']);
    const answer = objectOf(await ask(backend, args, 'metadata', { metric }, signal));
    const wanted = textOf(args['filter_pattern'])?.toLowerCase() ?? '';
    const found = Object.entries(answer).filter(([name, entries]) => speaksOf(name, entries, wanted));
    if (metric !== undefined) return listOf(Object.fromEntries(found)[metric]);
    const { items, ...counts } = page(found, args);
    return { metadata: Object.fromEntries(items) as JsonObject, ...counts };
  },
};

function speaksOf(name: string, entries: Json, wanted: string): boolean {
  const texts = listOf(entries).flatMap((entry) =>
    Object.values(objectOf(entry)).flatMap((text) => textOf(text) ?? []),
  );
  return [name, ...texts].some((text) => text.toLowerCase().includes(wanted));
}
