import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { textOf, textsOf } from '../../lib/reading.ts';
import type { SqsBackend } from './backend.ts';

/** The tool of the awslabs amazon-sns-sqs-mcp-server. An error of SQS fails the call, with its own code. */
export const getQueueAttributes: ToolDefinition<SqsBackend> = {
  name: 'get_queue_attributes',
  description: 'Reads attributes of an SQS queue, each a text.',
  access: 'Read',
  input: {
    type: 'object',
    required: ['QueueUrl'],
    properties: {
      QueueUrl: { type: 'string', minLength: 1, maxLength: 512 },
      AttributeNames: { type: ['array', 'null'], maxItems: 30, items: { type: 'string' } },
      region: { type: 'string', description: "ignored: the operator's configuration says the region" },
    },
  },
  output: {
    type: 'object',
    properties: { Attributes: { type: 'object', additionalProperties: { type: 'string' } } },
  },
  async handle(args, { backend, signal }) {
    await backend.checkEndpoint(signal);
    const command = new GetQueueAttributesCommand({
      QueueUrl: textOf(args['QueueUrl']),
      AttributeNames: textsOf(args['AttributeNames']) as QueueAttributeName[],
    });
    const answer = await backend.sqs.send(command, { abortSignal: signal });
    return { Attributes: { ...answer.Attributes } };
  },
};
