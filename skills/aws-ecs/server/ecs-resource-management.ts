import type { Json, JsonObject } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { ecsReadTool } from '../../lib/ecs/api.ts';
import { objectOf, textOf } from '../../lib/reading.ts';
import { type EcsBackend, readyToCall } from './backend.ts';
import { readOperations } from './read-operations.ts';

/**
 * The tool of the awslabs ecs-mcp-server, reads alone. Unlike there, an error of ECS fails the call, with ECS' own code;
 * values of environment variables are answered, as with its ALLOW_SENSITIVE_DATA: whoever keeps an answer redacts it.
 */
export const ecsResourceManagement: ToolDefinition<EcsBackend> = {
  name: ecsReadTool,
  description: 'Executes a Describe or List operation of the ECS API with the given parameters.',
  access: 'Read',
  input: {
    type: 'object',
    required: ['api_operation'],
    properties: {
      api_operation: { type: 'string', maxLength: 100, description: 'The ECS API operation (CamelCase)' },
      api_params: { type: 'object', description: 'Parameters of the operation' },
    },
  },
  output: { type: 'object' },
  async handle(args, { backend, signal }) {
    const name = textOf(args['api_operation']) ?? '';
    const run = readOperations(backend.reads).get(name);
    if (run === undefined) throw new ToolFault('OperationNotAllowed', `${name} is not a read operation of this server`);
    await readyToCall(backend, signal);
    const answer = await run(objectOf(args['api_params']), signal);
    return withoutMetadata(answer as JsonObject);
  },
};

function withoutMetadata(answer: JsonObject): Json {
  return Object.fromEntries(Object.entries(answer).filter(([key]) => key !== '$metadata'));
}
