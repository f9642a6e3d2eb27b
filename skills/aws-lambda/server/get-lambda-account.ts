import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import type { LambdaBackend } from './backend.ts';

/** How many executions the account may run at once in the region, and how many of them no function has reserved. */
export const getLambdaAccount: ToolDefinition<LambdaBackend> = {
  name: 'threehops_get_lambda_account',
  description: "Reads the account's concurrency in Lambda, and what of it is not reserved.",
  access: 'Read',
  input: { type: 'object', additionalProperties: false, properties: {} },
  output: {
    type: 'object',
    required: ['concurrency', 'unreservedConcurrency'],
    properties: {
      concurrency: { type: ['integer', 'null'] },
      unreservedConcurrency: { type: ['integer', 'null'] },
    },
  },
  async handle(_args, { backend, signal }) {
    await backend.checkEndpoint('lambda', signal);
    const { AccountLimit } = await backend.reads.send(new GetAccountSettingsCommand({}), { abortSignal: signal });
    return {
      concurrency: AccountLimit?.ConcurrentExecutions ?? null,
      unreservedConcurrency: AccountLimit?.UnreservedConcurrentExecutions ?? null,
    };
  },
};
