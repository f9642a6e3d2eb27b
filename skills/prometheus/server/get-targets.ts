import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { listOf, objectOf, textOf } from '../../lib/reading.ts';
import { ask, connectionSchema, type PrometheusBackend } from './api.ts';
import { page, pageSchema } from './page.ts';

/** The tool of prometheus-mcp-server. */
export const getTargets: ToolDefinition<PrometheusBackend> = {
  name: 'get_targets',
  description: 'Lists what Prometheus scrapes, with its health and the error of the last scrape.',
  access: 'Read',
  input: {
    type: 'object',
    properties: {
      ...pageSchema,
      state: { enum: ['active', 'dropped', 'any'], default: 'active' },
      scrape_pool: { type: ['string', 'null'], maxLength: 255 },
      connection: connectionSchema,
    },
  },
  output: {
    type: 'object',
    required: ['activeTargets', 'droppedTargets'],
    properties: { activeTargets: { type: 'array' }, droppedTargets: { type: 'array' } },
  },
  async handle(args, { backend, signal }) {
    const state = textOf(args['state']) ?? 'active';
    const parameters = { state: state === 'any' ? undefined : state, scrapePool: textOf(args['scrape_pool']) };
    const answer = objectOf(await ask(backend, args, 'targets', parameters, signal));
    const active = page(listOf(answer['activeTargets']), args);
    const dropped = page(listOf(answer['droppedTargets']), args);
    return {
      activeTargets: active.items,
      droppedTargets: dropped.items,
      total_active: active.total_count,
      total_dropped: dropped.total_count,
      returned_active: active.returned_count,
      returned_dropped: dropped.returned_count,
      offset: active.offset,
      has_more: active.has_more || dropped.has_more,
      state,
    };
  },
};
