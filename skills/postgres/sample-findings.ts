import type { Finding } from '../../controller/evidence/finding.ts';
import { round } from '../lib/statistics.ts';
import { secondsBetween } from '../lib/time.ts';
import type { SkillNode } from '../skill.ts';
import { findingOf } from './finding.ts';
import { thresholdsOf } from './parameters.ts';
import type { Counters, StatementTotals } from './sample.ts';

const mostStatements = 3;

/** Deadlocks that happened between two readings: what the counter held before is of no window. */
export function deadlockFindings(node: SkillNode, before: Counters, after: Counters): readonly Finding[] {
  const count = after.deadlocks - before.deadlocks;
  const seconds = round(secondsBetween(before.at, after.at), 1);
  if (count <= 0 || seconds <= 0) return [];
  return [
    findingOf(node.id, {
      reason: 'DeadlocksGrowing',
      subject: 'database',
      severity: 'Warning',
      summary: `${count} deadlocks within ${seconds} s`,
      since: before.at.toISOString(),
      value: round((count * 60) / seconds, 1),
      threshold: 0,
      unit: 'deadlocks/min',
      view: 'pg_stat_database, read twice',
      facts: { count, seconds, total: after.deadlocks },
    }),
  ];
}

/** Statements that were slow between two readings, those that took most time first. */
export function slowFindings(node: SkillNode, between: readonly StatementTotals[]): readonly Finding[] {
  const threshold = thresholdsOf(node.with).slowQueryMilliseconds;
  return between
    .filter(({ calls, ms }) => ms / calls >= threshold)
    .toSorted((a, b) => b.ms - a.ms || (a.id < b.id ? -1 : 1))
    .slice(0, mostStatements)
    .map(({ id, calls, ms, query }) =>
      findingOf(node.id, {
        reason: 'SlowQueries',
        subject: id,
        severity: 'Warning',
        summary: `${calls} calls just now took ${round(ms / calls, 0)} ms each: ${query}`,
        value: round(ms / calls, 1),
        threshold,
        unit: 'ms',
        view: 'pg_stat_statements, read twice',
        facts: { queryId: id, calls, totalMs: round(ms, 1), query },
      }),
    );
}

export function sizeFinding(node: SkillNode, database: string, bytes: number): Finding {
  return findingOf(node.id, {
    reason: 'DatabaseSize',
    subject: 'database',
    severity: 'Info',
    summary: `${database} holds ${round(bytes / 1024 ** 2, 0)} MiB`,
    value: bytes,
    threshold: 0,
    unit: 'bytes',
    view: 'pg_database_size()',
    facts: { database, bytes },
  });
}
