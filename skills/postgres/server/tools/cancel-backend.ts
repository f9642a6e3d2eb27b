import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import type { PostgresBackend } from '../backend.ts';
import { connectionSchema } from '../schema.ts';
import { type Signal, signalBackend, signalOutcome } from '../signal-backend.ts';

export const cancelBackendTool = 'threehops_cancel_backend';

const cancel: Signal = {
  function: 'pg_cancel_backend',
  fence: 'query_start',
  work: 'statement',
  argument: 'queryStart',
};

/** Cancels one statement, and no other that its backend may have come to. See `signalBackend`. */
export const cancelBackend: ToolDefinition<PostgresBackend> = {
  name: cancelBackendTool,
  description:
    'Cancels the statement that a backend runs, named by its pid and both starts; its transaction fails, its connection stays.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['pid', 'backendStart', 'queryStart'],
    properties: {
      pid: { type: 'integer', minimum: 1 },
      backendStart: { type: 'string', format: 'date-time', description: 'with its microseconds' },
      queryStart: { type: 'string', format: 'date-time', description: 'with its microseconds' },
      connection: connectionSchema,
    },
  },
  output: signalOutcome,
  handle: async (args, context) => ({ outcome: await signalBackend(cancel, args, context) }),
};
