import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import { assertWritable, attributesOf, type SqsBackend } from './backend.ts';

const seconds = { type: 'integer', minimum: 0, maximum: 43_200 };

/** Sets a queue's visibility timeout, provided that it is still the expected one. @throws ToolFault `TimeoutChanged`, `AccountNotAllowed` */
export const setVisibilityTimeout: ToolDefinition<SqsBackend> = {
  name: 'threehops_set_visibility_timeout',
  description:
    'Sets for how long a received message of a queue is hidden from others, fenced by the value that was seen.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['QueueUrl', 'seconds', 'expected'],
    properties: { QueueUrl: { type: 'string', minLength: 1, maxLength: 512 }, seconds, expected: seconds },
  },
  output: { type: 'object', required: ['seconds'], properties: { seconds } },
  async handle(args, { backend, signal }) {
    const queueUrl = textOf(args['QueueUrl']) ?? '';
    const wanted = numberOf(args['seconds']) ?? 0;
    const { QueueArn = '', VisibilityTimeout } = await attributesOf(
      backend,
      queueUrl,
      ['QueueArn', 'VisibilityTimeout'],
      signal,
    );
    await assertWritable(backend, QueueArn, signal);
    if (![args['expected'], wanted].includes(numberOf(VisibilityTimeout) ?? -1)) {
      throw new ToolFault('TimeoutChanged', `the visibility timeout has become ${VisibilityTimeout ?? 'unknown'} s`);
    }
    signal.throwIfAborted();
    const Attributes = { VisibilityTimeout: String(wanted) };
    await backend.writes.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes }), {
      abortSignal: signal,
    });
    return { seconds: wanted };
  },
};
