import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { getMetricData } from '../../lib/server/get-metric-data.ts';
import { close, type CloudWatchBackend, connect } from './backend.ts';
import { executeLogInsightsQuery } from '../../lib/server/execute-log-insights-query.ts';
import { getActiveAlarms } from './get-active-alarms.ts';

export const server: EmbeddedServer<CloudWatchBackend> = {
  id: 'cloudwatch',
  tools: [getMetricData<CloudWatchBackend>(), executeLogInsightsQuery<CloudWatchBackend>(), getActiveAlarms],
  connect,
  close,
};
