import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import type { SqsBackend } from './backend.ts';

/** The tool of the awslabs amazon-sns-sqs-mcp-server. */
export const listQueues: ToolDefinition<SqsBackend> = {
  name: 'list_queues',
  description: 'Lists the URLs of SQS queues, by the beginning of their names.',
  access: 'Read',
  input: {
    type: 'object',
    properties: {
      QueueNamePrefix: { type: ['string', 'null'], maxLength: 80 },
      NextToken: { type: ['string', 'null'] },
      MaxResults: { type: ['integer', 'null'], minimum: 1, maximum: 1000 },
      region: { type: 'string', description: "ignored: the operator's configuration says the region" },
    },
  },
  output: {
    type: 'object',
    properties: { QueueUrls: { type: 'array', items: { type: 'string' } }, NextToken: { type: 'string' } },
  },
  async handle(args, { backend, signal }) {
    await backend.checkEndpoint(signal);
    const prefix = textOf(args['QueueNamePrefix']);
    const token = textOf(args['NextToken']);
    const most = numberOf(args['MaxResults']);
    const command = new ListQueuesCommand({
      ...(prefix === undefined ? {} : { QueueNamePrefix: prefix }),
      ...(token === undefined ? {} : { NextToken: token }),
      ...(most === undefined ? {} : { MaxResults: most }),
    });
    const answer = await backend.sqs.send(command, { abortSignal: signal });
    return {
      QueueUrls: answer.QueueUrls ?? [],
      ...(answer.NextToken === undefined ? {} : { NextToken: answer.NextToken }),
    };
  },
};
