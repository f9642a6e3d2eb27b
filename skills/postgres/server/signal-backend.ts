import type { JsonObject } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import { askedAddress, type PostgresBackend, runOnce } from './backend.ts';

interface Row {
  readonly visible: boolean;
  readonly same_backend: boolean;
  readonly same_work: boolean;
  readonly client: boolean;
  readonly signalled: boolean | null;
}

export interface Signal {
  readonly function: 'pg_terminate_backend' | 'pg_cancel_backend';
  /** What of the backend must still be as it was: its transaction, or the very statement. */
  readonly fence: 'xact_start' | 'query_start';
  /** What that is called, for a person. */
  readonly work: 'transaction' | 'statement';
  /** The argument that holds its start. */
  readonly argument: 'transactionStart' | 'queryStart';
}

/**
 * One statement looks and signals, so that the backend which is meant is the one that is hit. All that is checked of it is answered
 * too, because a CASE that does not signal must say why.
 */
const statementOf = (signal: Signal): string => `
with meant as (
  select a.pid,
         a.backend_start is not null as visible,
         coalesce(a.backend_start = $2::timestamptz, false) as same_backend,
         $3::timestamptz is null or coalesce(a.${signal.fence} = $3::timestamptz, false) as same_work,
         coalesce(a.backend_type = 'client backend' and a.datname = current_database() and a.pid <> pg_backend_pid(), false) as client
  from pg_stat_activity a
  where a.pid = $1
)
select visible, same_backend, same_work, client,
       case when same_backend and same_work and client then ${signal.function}(pid) end as signalled
from meant`;

/**
 * Signals one backend, told by its pid and when it started, so that a pid that was given anew is never hit. Answers `Gone` when no such
 * backend is there any more.
 * @throws ToolFault `TransactionChanged`, `StatementChanged`, `NotAClient`, `BackendHidden`, `NotSignalled`; 42501 without the right to
 */
export async function signalBackend(
  meant: Signal,
  args: JsonObject,
  { backend, signal }: { readonly backend: PostgresBackend; readonly signal: AbortSignal },
): Promise<'Signalled' | 'Gone'> {
  const pid = numberOf(args['pid']) ?? 0;
  const values = [pid, textOf(args['backendStart']) ?? null, textOf(args[meant.argument]) ?? null];
  const [row] = await runOnce<Row>(backend, askedAddress(args), { text: statementOf(meant), values }, signal);
  return row === undefined ? 'Gone' : outcomeOf(row, pid, meant);
}

function outcomeOf(row: Row, pid: number, { work }: Signal): 'Signalled' | 'Gone' {
  if (!row.visible) throw new ToolFault('BackendHidden', `the role may not see backend ${pid}: it needs pg_monitor`);
  if (!row.same_backend) return 'Gone';
  if (!row.client) throw new ToolFault('NotAClient', `backend ${pid} serves no client of this database`);
  if (!row.same_work) {
    const code = work === 'transaction' ? 'TransactionChanged' : 'StatementChanged';
    throw new ToolFault(code, `backend ${pid} is no longer in the ${work} that was seen`);
  }
  if (row.signalled !== true) throw new ToolFault('NotSignalled', `backend ${pid} could not be signalled`);
  return 'Signalled';
}

/** What every signalling tool answers. */
export const signalOutcome = {
  type: 'object',
  required: ['outcome'],
  properties: { outcome: { enum: ['Signalled', 'Gone'] } },
} as const;
