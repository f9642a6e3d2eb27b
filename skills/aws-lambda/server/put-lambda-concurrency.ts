import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { assertWritable, type LambdaBackend } from './backend.ts';

interface PutArgs {
  readonly functionName: string;
  readonly expected: number | null;
  readonly reserved: number | null;
}

/**
 * Sets a function's reserved concurrency, or takes it away (null). Lambda has no fence for it: what is reserved is read just
 * before, and another value than the plan saw changes nothing (`ConcurrencyChanged`).
 */
export const putLambdaConcurrency: ToolDefinition<LambdaBackend> = {
  name: 'threehops_put_lambda_concurrency',
  description: 'Sets the reserved concurrency of a Lambda function, provided that it still is what was seen.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['functionName', 'expected', 'reserved'],
    properties: {
      functionName: { type: 'string', minLength: 1, maxLength: 170 },
      expected: { type: ['integer', 'null'], minimum: 0 },
      reserved: { type: ['integer', 'null'], minimum: 0, maximum: 100000 },
    },
  },
  output: {
    type: 'object',
    required: ['reservedConcurrency'],
    properties: { reservedConcurrency: { type: ['integer', 'null'] } },
  },
  async handle(given, { backend, signal }) {
    const { functionName: FunctionName, expected, reserved } = given as unknown as PutArgs;
    await assertWritable(backend, signal);
    const { Concurrency } = await backend.reads.send(new GetFunctionCommand({ FunctionName }), { abortSignal: signal });
    if ((Concurrency?.ReservedConcurrentExecutions ?? null) !== expected) {
      throw new ToolFault('ConcurrencyChanged', `the concurrency of ${FunctionName} is not what the plan saw`);
    }
    signal.throwIfAborted();
    if (reserved === null) {
      await backend.writes.send(new DeleteFunctionConcurrencyCommand({ FunctionName }), { abortSignal: signal });
    } else {
      const command = new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: reserved });
      await backend.writes.send(command, { abortSignal: signal });
    }
    return { reservedConcurrency: reserved };
  },
};
