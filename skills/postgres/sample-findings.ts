import type { Finding } from '../../controller/evidence/finding.ts';
import { round } from '../lib/statistics.ts';
import { secondsBetween } from '../lib/time.ts';
import type { SkillNode } from '../skill.ts';
import { findingOf } from './finding.ts';
import { thresholdsOf } from './parameters.ts';
import type { Counters, StatementDelta } from './sample.ts';

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

/** Statements that were slow between two readings (the first at `since`), by the threshold or by their own normal; those that took most time first. */
export function slowFindings(
  node: SkillNode,
  between: readonly StatementDelta[],
  since: Date | undefined,
): readonly Finding[] {
  return between
    .filter((one) => isSlow(node, one))
    .toSorted((a, b) => b.ms - a.ms || (a.id < b.id ? -1 : 1))
    .slice(0, mostStatements)
    .map((one) => slowFinding(node, one, since));
}

/** Fewer calls than this are no normal to compare with. */
const fewestCalls = 20;
/** Of the absolute threshold: below it nobody minds that a statement takes several times as long as before. */
const noticeable = 0.1;

/** Milliseconds a call before the look; undefined while there were too few. */
function normalOf({ before }: StatementDelta): number | undefined {
  return before.calls < fewestCalls ? undefined : before.ms / before.calls;
}

function isSlow(node: SkillNode, one: StatementDelta): boolean {
  const { slowQueryMilliseconds: limit, slowQueryFactor } = thresholdsOf(node.with);
  const mean = one.ms / one.calls;
  const normal = normalOf(one);
  return mean >= limit || (normal !== undefined && mean >= limit * noticeable && mean >= normal * slowQueryFactor);
}

function slowFinding(node: SkillNode, one: StatementDelta, since: Date | undefined): Finding {
  const { id, calls, ms, query, before } = one;
  const { slowQueryMilliseconds, slowQueryFactor } = thresholdsOf(node.with);
  const mean = ms / calls;
  const normal = normalOf(one);
  const than = normal === undefined ? '' : `, ${round(normal, 1)} ms over the ${before.calls} calls before`;
  return findingOf(node.id, {
    reason: 'SlowQueries',
    subject: id,
    severity: 'Warning',
    summary: `${calls} calls just now took ${round(mean, 0)} ms each${than}: ${query}`,
    since: since?.toISOString(),
    value: round(mean, 1),
    threshold:
      mean >= slowQueryMilliseconds
        ? slowQueryMilliseconds
        : round((normal ?? slowQueryMilliseconds) * slowQueryFactor, 1),
    unit: 'ms',
    view: 'pg_stat_statements, read twice',
    facts: {
      queryId: id,
      calls,
      totalMs: round(ms, 1),
      query,
      ...(normal === undefined ? {} : { normalMs: round(normal, 2), normalCalls: before.calls }),
    },
  });
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
