import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import type { PrometheusBackend } from './api.ts';
import { getTargets } from './get-targets.ts';
import { getMetricMetadata, listMetrics } from './metrics.ts';
import { executeQuery, executeRangeQuery } from './queries.ts';

/** Prometheus by MCP, in the contract of prometheus-mcp-server. */
export const server: EmbeddedServer<PrometheusBackend> = {
  id: 'prometheus',
  tools: [executeQuery, executeRangeQuery, listMetrics, getMetricMetadata, getTargets],
  connect: (connection) => ({ connection }),
};
