import { StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import { assertWritable, attributesOf, type SqsBackend } from './backend.ts';
import { movesFrom } from './message-moves.ts';

/**
 * Starts to move what lies in a dead-letter queue back to where it came from, provided that nobody has started another move since the
 * plan: SQS runs one at a time, but would begin a second one after the first. It moves all that is there and cannot be told how many,
 * so what is there is counted first.
 * @throws ToolFault `MoveChanged`, `TooManyLetters`, `AccountNotAllowed`; what SQS throws of a queue that is nobody's dead-letter queue
 */
export const redriveDeadLetters: ToolDefinition<SqsBackend> = {
  name: 'threehops_redrive_dead_letters',
  description: 'Moves the messages of a dead-letter queue back to their source, fenced by the last move that was seen.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['QueueUrl', 'expectedLastMove', 'maxLetters', 'perSecond'],
    properties: {
      QueueUrl: { type: 'string', minLength: 1, maxLength: 512, description: 'of the dead-letter queue' },
      expectedLastMove: { type: 'integer', minimum: 0, description: 'startedAt of the newest move; 0 for none' },
      maxLetters: { type: 'integer', minimum: 1, maximum: 100_000 },
      perSecond: { type: 'integer', minimum: 1, maximum: 500 },
    },
  },
  output: { type: 'object', required: ['letters'], properties: { letters: { type: 'integer' } } },
  async handle(args, { backend, signal }) {
    const names = ['QueueArn', 'ApproximateNumberOfMessages'] as const;
    const attributes = await attributesOf(backend, textOf(args['QueueUrl']) ?? '', names, signal);
    const { QueueArn: SourceArn = '' } = attributes;
    await assertWritable(backend, SourceArn, signal);
    const letters = numberOf(attributes.ApproximateNumberOfMessages) ?? 0;
    if (letters > (numberOf(args['maxLetters']) ?? 0))
      throw new ToolFault('TooManyLetters', `there are ${letters} now`);
    const [last] = await movesFrom(backend, SourceArn, signal);
    if ((last?.startedAt ?? 0) !== args['expectedLastMove']) {
      throw new ToolFault('MoveChanged', 'a move of these messages has been started since the plan was made');
    }
    signal.throwIfAborted();
    const task = { SourceArn, MaxNumberOfMessagesPerSecond: numberOf(args['perSecond']) };
    await backend.writes.send(new StartMessageMoveTaskCommand(task), { abortSignal: signal });
    return { letters };
  },
};
