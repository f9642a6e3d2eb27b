import type { Finding } from '../../controller/evidence/finding.ts';
import type { SkillNode } from '../skill.ts';
import type { Activity, Session } from './activity.ts';
import { longChains } from './blocking-findings.ts';
import { findingOf } from './finding.ts';
import { isOwnSession, thresholdsOf } from './parameters.ts';
import { ageSeconds } from './sessions.ts';

const mostStatements = 3;

interface Running {
  readonly session: Session;
  readonly since: string;
  readonly ms: number;
}

/**
 * Statements that have run for longer than one may and still do: two readings of what has ended never see them. Those that a chain
 * of locks tells of are not told again.
 */
export function runningFindings(node: SkillNode, activity: Activity): readonly Finding[] {
  const longest = runningFor(activity, thresholdsOf(node.with).slowQueryMilliseconds)
    .filter(({ session }) => !chained(node, activity).has(session.pid))
    .toSorted((a, b) => b.ms - a.ms || a.session.pid - b.session.pid);
  return [...Map.groupBy(longest, ({ session }) => session.query)]
    .slice(0, mostStatements)
    .flatMap(([query, running]) => findingFrom(node, query, running));
}

function runningFor({ sessions, waits, database, at }: Activity, limit: number): readonly Running[] {
  return [...sessions.values()].flatMap((session) => {
    const { pid, state, queryStart: since } = session;
    const isRunning = state === 'active' && session.database === database && !waits.some((one) => one.pid === pid);
    const ms = since === undefined ? 0 : ageSeconds(since, at) * 1000;
    return isRunning && since !== undefined && ms >= limit ? [{ session, since, ms }] : [];
  });
}

function chained(node: SkillNode, activity: Activity): ReadonlySet<number> {
  return new Set(longChains(node, activity).flatMap(({ root, blocked }) => [root, ...blocked]));
}

function findingFrom(node: SkillNode, query: string, running: readonly Running[]): readonly Finding[] {
  const [longest] = running;
  if (longest === undefined) return [];
  const many = running.length === 1 ? '1 call runs' : `${running.length} calls run`;
  return [
    findingOf(node.id, {
      reason: 'SlowQueries',
      subject: `running ${query}`.slice(0, 200),
      severity: 'Warning',
      summary: `${many}, the longest for ${longest.ms} ms so far: ${query}`,
      since: longest.since,
      value: longest.ms,
      threshold: thresholdsOf(node.with).slowQueryMilliseconds,
      unit: 'ms',
      view: 'pg_stat_activity',
      facts: { calls: running.length, ownSession: isOwnSession(node.with, longest.session), query },
    }),
  ];
}
