import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { getMetricData } from '../../lib/server/get-metric-data.ts';
import { close, connect, type SqsBackend } from './backend.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { listQueues } from './list-queues.ts';
import { listMessageMoves } from './message-moves.ts';
import { redriveDeadLetters } from './redrive-dead-letters.ts';
import { setVisibilityTimeout } from './set-visibility-timeout.ts';

export const server: EmbeddedServer<SqsBackend> = {
  id: 'aws-sqs',
  tools: [
    listQueues,
    getQueueAttributes,
    getMetricData<SqsBackend>(),
    listMessageMoves,
    setVisibilityTimeout,
    redriveDeadLetters,
  ],
  connect,
  close,
};
