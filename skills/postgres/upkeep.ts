import { listOf, numberOf, objectOf, textOf } from '../lib/reading.ts';
import type { ProbeContext } from '../skill.ts';
import { microTime } from './micro-time.ts';
import { reportOf } from './report.ts';

/** A standby, as its primary sees it. */
export interface Replica {
  readonly name: string;
  readonly state: string;
  /** Time by which it replays later than the primary writes; undefined where nothing was written lately. */
  readonly seconds: number | undefined;
  readonly bytes: number;
}

/** A replication slot that nobody reads from, while the server keeps more log for it than it would otherwise. */
export interface IdleSlot {
  readonly name: string;
  /** PostgreSQL's word: extended, unreserved or lost. */
  readonly status: string;
  /** When it was read last; PostgreSQL 17 and newer tell. */
  readonly since: string | undefined;
}

/** What goes wrong over days and stops a database in a moment. */
export interface Upkeep {
  /** Transactions since the database's oldest row was frozen. */
  readonly frozenAge: number;
  readonly replicas: readonly Replica[];
  readonly idleSlots: readonly IdleSlot[];
}

/** Seen from the primary: what a standby could tell of itself takes functions that restricted servers do not allow. */
const upkeepQuery = `
select json_build_object(
  'frozenAge', age(d.datfrozenxid),
  'replicas', (select coalesce(json_agg(r), '[]'::json) from (
    select coalesce(s.application_name, '') as name, coalesce(s.state, '') as state,
           extract(epoch from s.replay_lag)::float8 as seconds,
           coalesce(s.sent_lsn - s.replay_lsn, 0)::float8 as bytes
    from pg_stat_replication s
    order by 4 desc, 1
    limit 20) r),
  'idleSlots', (select coalesce(json_agg(k), '[]'::json) from (
    select l.slot_name::text as name, to_jsonb(l) ->> 'wal_status' as status,
           (extract(epoch from (to_jsonb(l) ->> 'inactive_since')::timestamptz) * 1000000)::bigint as since
    from pg_replication_slots l
    where not l.active and to_jsonb(l) ->> 'wal_status' <> 'reserved'
    order by 1
    limit 20) k)
)::text as report
from pg_database d
where d.datname = current_database()`;

/** @throws ToolError, ReportUnreadable */
export async function readUpkeep(context: Pick<ProbeContext, 'tools' | 'signal' | 'node'>): Promise<Upkeep> {
  const report = await reportOf(context, upkeepQuery);
  return {
    frozenAge: numberOf(report['frozenAge']) ?? 0,
    replicas: listOf(report['replicas']).map((value) => {
      const { name, state, seconds, bytes } = objectOf(value);
      return {
        name: textOf(name) ?? 'unnamed',
        state: textOf(state) ?? 'unknown',
        seconds: numberOf(seconds),
        bytes: numberOf(bytes) ?? 0,
      };
    }),
    idleSlots: listOf(report['idleSlots']).map((value) => {
      const { name, status, since } = objectOf(value);
      return { name: textOf(name) ?? 'unnamed', status: textOf(status) ?? 'unknown', since: microTime(since) };
    }),
  };
}
