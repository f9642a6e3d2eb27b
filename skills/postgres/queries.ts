/**
 * What is asked of PostgreSQL 14 and newer. Each query answers one row with one column, `report`, that is JSON text, so that
 * every server of the contract hands it over alike, and uses only functions that restricted servers allow. Times are
 * microseconds since the epoch.
 */

const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;

/** Connections that clients hold: background workers have other types, and roles without pg_monitor see none at all. */
const isClient = `coalesce(a.backend_type, 'client backend') = 'client backend' and a.datname is not null`;

const sessionColumns = `a.pid,
           ${micros('a.backend_start')} as backend_start,
           ${micros('a.xact_start')} as xact_start,
           ${micros('a.query_start')} as query_start,
           ${micros('a.state_change')} as state_change,
           a.state, a.usename as "user", a.datname as database, a.application_name as application,
           host(a.client_addr) as client, left(a.query, 1000) as query`;

const mostSessions = 300;

/**
 * Who is connected, who waits for whom, and whose transactions are open. `saturatedSince` is the start of the connection with which
 * those that are open now came to `percent` of max_connections.
 */
export const activityQuery = (percent: number): string => `
with waiting as (
  select l.pid,
         min((to_jsonb(l) ->> 'waitstart')::timestamptz) as since,
         min(l.mode) as mode,
         min(l.relation::regclass::text) as relation,
         pg_blocking_pids(l.pid) as blockers
  from pg_locks l
  where not l.granted and l.pid in (select a.pid from pg_stat_activity a where a.datname = current_database())
  group by l.pid
  order by l.pid
  limit ${mostSessions}
)
select json_build_object(
  'at', ${micros('clock_timestamp()')},
  'database', current_database(),
  'databaseBytes', pg_database_size(current_database()),
  'maxConnections', current_setting('max_connections')::int,
  'saturatedSince', (
    select ${micros('a.backend_start')} from pg_stat_activity a
    where ${isClient}
    order by a.backend_start
    offset (current_setting('max_connections')::int * ${Math.round(percent * 100)} - 1) / 10000 limit 1),
  'reserved', current_setting('superuser_reserved_connections')::int,
  'statements', (select count(*) from pg_extension e where e.extname = 'pg_stat_statements'),
  'hidden', (select count(*) from pg_stat_activity a where a.backend_start is null and a.datname is not null),
  'clients', (select coalesce(json_agg(c), '[]'::json) from (
    select coalesce(a.application_name, '') as application, coalesce(a.usename, '') as "user", coalesce(a.state, '') as state, count(*) as count
    from pg_stat_activity a
    where ${isClient}
    group by 1, 2, 3
    order by count(*) desc, 1, 2, 3
    limit 200) c),
  'waits', (select coalesce(json_agg(w), '[]'::json) from (
    select pid, ${micros('since')} as since, mode, relation, blockers from waiting order by pid) w),
  'sessions', (select coalesce(json_agg(s), '[]'::json) from (
    select ${sessionColumns}
    from pg_stat_activity a
    where ${isClient} and a.pid <> pg_backend_pid() and coalesce(a.application_name, '') <> 'threehops'
      and (a.pid in (select w.pid from waiting w)
        or a.pid in (select unnest(w.blockers) from waiting w)
        or (a.xact_start is not null and a.datname = current_database()))
    order by (a.pid in (select unnest(w.blockers) from waiting w)) desc, a.xact_start nulls last, a.pid
    limit ${mostSessions}) s)
)::text as report`;

/** One backend by its pid, and whom it blocks. */
export const backendQuery = (pid: number): string => `
select json_build_object(
  'at', ${micros('clock_timestamp()')},
  'sessions', (select coalesce(json_agg(s), '[]'::json) from (
    select ${sessionColumns}
    from pg_stat_activity a
    where a.pid = ${Math.trunc(pid)}) s)
)::text as report`;

/** The first or the second of two readings. It stands in the query, since equal calls close together may be answered as one. */
export type Reading = 1 | 2;

/** Counters that only grow: two readings tell what happened in between. */
export const countersQuery = (reading: Reading): string => `/* reading ${reading} */
select json_build_object(
  'at', ${micros('clock_timestamp()')},
  'deadlocks', d.deadlocks,
  'commits', d.xact_commit,
  'rollbacks', d.xact_rollback
)::text as report
from pg_stat_database d
where d.datname = current_database()`;

export const mostStatements = 200;

/** The statements that took most time, each with its calls and milliseconds so far. */
export const statementsQuery = (reading: Reading): string => `/* reading ${reading} */
select json_build_object(
  'at', ${micros('clock_timestamp()')},
  'statements', (select coalesce(json_agg(t), '[]'::json) from (
    select s.queryid::text as id, sum(s.calls)::bigint as calls, sum(s.total_exec_time)::float8 as ms, min(left(s.query, 1000)) as query
    from pg_stat_statements s
    where s.dbid = (select d.oid from pg_database d where d.datname = current_database()) and s.queryid is not null
    group by s.queryid
    order by 3 desc, 1
    limit ${mostStatements}) t)
)::text as report`;
