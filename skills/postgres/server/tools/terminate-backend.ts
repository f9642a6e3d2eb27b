import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import type { PostgresBackend } from '../backend.ts';
import { connectionSchema } from '../schema.ts';
import { type Signal, signalBackend, signalOutcome } from '../signal-backend.ts';

export const terminateBackendTool = 'threehops_terminate_backend';

const terminate: Signal = {
  function: 'pg_terminate_backend',
  fence: 'xact_start',
  work: 'transaction',
  argument: 'transactionStart',
};

/** Ends one backend; with `transactionStart` only while it is still in that transaction. See `signalBackend`. */
export const terminateBackend: ToolDefinition<PostgresBackend> = {
  name: terminateBackendTool,
  description: 'Ends one backend of a client, named by its pid and its start; its transaction is rolled back.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['pid', 'backendStart'],
    properties: {
      pid: { type: 'integer', minimum: 1 },
      backendStart: { type: 'string', format: 'date-time', description: 'with its microseconds' },
      transactionStart: { type: 'string', format: 'date-time' },
      connection: connectionSchema,
    },
  },
  output: signalOutcome,
  handle: async (args, context) => ({ outcome: await signalBackend(terminate, args, context) }),
};
