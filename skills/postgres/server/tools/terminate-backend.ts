import { ToolFault } from '../../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../../lib/reading.ts';
import { askedAddress, type PostgresBackend, runOnce } from '../backend.ts';
import { connectionSchema } from '../schema.ts';

export const terminateBackendTool = 'threehops_terminate_backend';

interface Row {
  readonly visible: boolean;
  readonly same_backend: boolean;
  readonly same_transaction: boolean;
  readonly client: boolean;
  readonly signalled: boolean | null;
}

/**
 * One statement looks and signals, so that the backend which is meant is the one that is hit. All that is checked of it is answered
 * too, because a CASE that does not signal must say why.
 */
const statement = `
with meant as (
  select a.pid,
         a.backend_start is not null as visible,
         coalesce(a.backend_start = $2::timestamptz, false) as same_backend,
         $3::timestamptz is null or coalesce(a.xact_start = $3::timestamptz, false) as same_transaction,
         coalesce(a.backend_type = 'client backend' and a.datname = current_database() and a.pid <> pg_backend_pid(), false) as client
  from pg_stat_activity a
  where a.pid = $1
)
select visible, same_backend, same_transaction, client,
       case when same_backend and same_transaction and client then pg_terminate_backend(pid) end as signalled
from meant`;

/**
 * Ends one backend, told by its pid and when it started, so that a pid that was given anew is never hit; with `transactionStart`
 * only while it is still in that transaction. Answers `Gone` when no such backend is there any more.
 * @throws ToolFault `TransactionChanged`, `NotAClient`, `BackendHidden`, `NotSignalled`; 42501 without the right to
 */
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
  output: {
    type: 'object',
    required: ['outcome'],
    properties: { outcome: { enum: ['Signalled', 'Gone'] } },
  },
  async handle(args, { backend, signal }) {
    const pid = numberOf(args['pid']) ?? 0;
    const values = [pid, textOf(args['backendStart']) ?? null, textOf(args['transactionStart']) ?? null];
    const [row] = await runOnce<Row>(backend, askedAddress(args), { text: statement, values }, signal);
    return { outcome: row === undefined ? 'Gone' : outcomeOf(row, pid) };
  },
};

function outcomeOf(row: Row, pid: number): 'Signalled' | 'Gone' {
  if (!row.visible) throw new ToolFault('BackendHidden', `the role may not see backend ${pid}: it needs pg_monitor`);
  if (!row.same_backend) return 'Gone';
  if (!row.client) throw new ToolFault('NotAClient', `backend ${pid} serves no client of this database`);
  if (!row.same_transaction) {
    throw new ToolFault('TransactionChanged', `backend ${pid} is no longer in the transaction that was seen`);
  }
  if (row.signalled !== true) throw new ToolFault('NotSignalled', `backend ${pid} could not be signalled`);
  return 'Signalled';
}
