import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { ToolFailed } from '../../../../controller/mcp/errors.ts';
import type { ProbeContext, Tools } from '../../../../skills/skill.ts';
import { probeContext } from '../lib/fake-tools.ts';

export const target = { host: 'db.test', database: 'shop', sampleSeconds: 0.1 };

/** Microseconds since the epoch, as the queries answer times: seconds before 11:00. */
export function ago(seconds: number): number {
  return Date.parse('2026-11-20T11:00:00Z') * 1000 - seconds * 1_000_000 + 7;
}

export function session(pid: number, more: JsonObject = {}): JsonObject {
  return {
    pid,
    backend_start: ago(5000),
    xact_start: ago(100),
    query_start: ago(90),
    state_change: ago(80),
    state: 'active',
    user: 'shop',
    database: 'shop',
    application: 'settlement',
    client: '10.0.0.7',
    query: `update accounts set balance = 17 where name = 'merchant'`,
    ...more,
  };
}

export function wait(pid: number, blockers: readonly number[], seconds: number): JsonObject {
  return { pid, since: ago(seconds), mode: 'ShareLock', relation: null, blockers };
}

export function activity(more: JsonObject = {}): JsonObject {
  return {
    at: ago(0),
    database: 'shop',
    databaseBytes: 8_000_000,
    maxConnections: 100,
    reserved: 3,
    statements: 1,
    hidden: 0,
    clients: [{ application: 'settlement', user: 'shop', state: 'idle', count: 4 }],
    waits: [],
    sessions: [],
    ...more,
  };
}

export interface Script {
  readonly activity?: JsonObject | Error;
  readonly backend?: JsonObject;
  /** Answered one after another. */
  readonly counters?: readonly (JsonObject | Error)[];
  readonly statements?: readonly (JsonObject | Error)[];
  /** Tables and their scans, answered one after another; none was scanned without it. */
  readonly scans?: readonly JsonObject[];
  readonly shapes?: JsonObject;
  readonly upkeep?: JsonObject | Error;
  /** The index that is asked for, as it is seen from look to look; the last one for good. */
  readonly index?: readonly JsonObject[];
  /** What explain_query answers. */
  readonly plan?: Json;
  readonly encode?: (report: string) => Json;
}

const writes = /^threehops_(terminate|cancel)_backend$|^threehops_(create|drop)_index$/;

/** Tools that answer each of our queries from a script, whatever its words; `written` holds the calls of write tools. */
export function scripted(script: Script): Tools & { readonly written: JsonObject[] } {
  const counters = [
    ...(script.counters ?? [
      { at: ago(1), deadlocks: 3 },
      { at: ago(0), deadlocks: 3 },
    ]),
  ];
  const statements = [...(script.statements ?? [{ statements: [] }, { statements: [] }])];
  const scans = [...(script.scans ?? [])];
  const indexes = [...(script.index ?? [])];
  const encode = script.encode ?? ((report) => [{ report }]);
  const written: JsonObject[] = [];
  const answer = (sql: string): JsonObject | Error | undefined => {
    if (sql.includes('pg_stat_statements s')) return statements.shift();
    if (sql.includes('from pg_stat_database')) return counters.shift();
    if (sql.includes('from pg_stat_user_tables')) return scans.shift() ?? { tables: [] };
    if (sql.includes('from pg_stat_replication')) return script.upkeep ?? {};
    if (sql.includes('c.relkind in')) return script.shapes ?? { tables: [] };
    if (sql.includes('index_relid'))
      return { indexes: (indexes.length > 1 ? indexes.splice(0, 1) : indexes) as Json[] };
    return sql.includes('a.pid = ') ? script.backend : (script.activity ?? activity());
  };
  return {
    written,
    call(tool, args) {
      if (tool === 'explain_query') return Promise.resolve(script.plan ?? '');
      if (writes.test(tool)) {
        written.push(args);
        return Promise.resolve({ outcome: 'Signalled' });
      }
      const found = answer(String(args['sql'] as string));
      if (found === undefined) return Promise.reject(new Error('the script is over'));
      return found instanceof Error ? Promise.reject(found) : Promise.resolve(encode(JSON.stringify(found)));
    },
  };
}

export function failure(code: string): ToolFailed {
  return new ToolFailed({ server: 'postgres', tool: 'execute_sql' }, { code, reason: 'no' });
}

export function contextOf(script: Script, more: JsonObject = {}): ProbeContext {
  return probeContext(scripted(script), { ...target, ...more });
}
