import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { getMetricData } from '../../lib/server/get-metric-data.ts';
import { close, connect, type SqsBackend } from './backend.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { listQueues } from './list-queues.ts';

export const server: EmbeddedServer<SqsBackend> = {
  id: 'aws-sqs',
  tools: [listQueues, getQueueAttributes, getMetricData<SqsBackend>()],
  connect,
  close,
};
