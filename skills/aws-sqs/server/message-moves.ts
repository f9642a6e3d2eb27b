import { ListMessageMoveTasksCommand } from '@aws-sdk/client-sqs';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { textOf } from '../../lib/reading.ts';
import { attributesOf, type SqsBackend } from './backend.ts';

export interface MessageMove {
  /** Milliseconds since the epoch, by the clock of SQS: unlike the handle it is told of ended moves too. */
  readonly startedAt: number;
  readonly status: string;
  readonly moved: number;
  readonly toMove: number;
}

/** The latest moves out of a dead-letter queue, newest first; SQS remembers ten. */
export async function movesFrom(
  backend: SqsBackend,
  sourceArn: string,
  signal: AbortSignal,
): Promise<readonly MessageMove[]> {
  const command = new ListMessageMoveTasksCommand({ SourceArn: sourceArn, MaxResults: 10 });
  const { Results = [] } = await backend.sqs.send(command, { abortSignal: signal });
  return Results.map((one) => ({
    startedAt: one.StartedTimestamp ?? 0,
    status: one.Status ?? 'UNKNOWN',
    moved: one.ApproximateNumberOfMessagesMoved ?? 0,
    toMove: one.ApproximateNumberOfMessagesToMove ?? 0,
  })).toSorted((a, b) => b.startedAt - a.startedAt);
}

export const listMessageMoves: ToolDefinition<SqsBackend> = {
  name: 'threehops_list_message_moves',
  description: 'Lists the latest moves of messages out of a dead-letter queue, newest first.',
  access: 'Read',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['QueueUrl'],
    properties: {
      QueueUrl: { type: 'string', minLength: 1, maxLength: 512, description: 'of the dead-letter queue' },
      region: { type: 'string', description: "ignored: the operator's configuration says the region" },
    },
  },
  output: {
    type: 'object',
    required: ['moves'],
    properties: {
      moves: {
        type: 'array',
        items: {
          type: 'object',
          required: ['startedAt', 'status', 'moved', 'toMove'],
          properties: {
            startedAt: { type: 'integer', description: 'milliseconds since the epoch' },
            status: { type: 'string', description: 'RUNNING, COMPLETED, CANCELLING, CANCELLED or FAILED' },
            moved: { type: 'integer' },
            toMove: { type: 'integer' },
          },
        },
      },
    },
  },
  async handle(args, { backend, signal }) {
    const { QueueArn = '' } = await attributesOf(backend, textOf(args['QueueUrl']) ?? '', ['QueueArn'], signal);
    const moves = await movesFrom(backend, QueueArn, signal);
    return { moves: moves.map((one) => ({ ...one })) };
  },
};
