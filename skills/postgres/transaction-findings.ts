import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import type { SkillNode } from '../skill.ts';
import type { Activity, Session } from './activity.ts';
import { longChains } from './blocking-findings.ts';
import { findingOf } from './finding.ts';
import { isOwnSession, thresholdsOf } from './parameters.ts';
import { ageSeconds, isIdleInTransaction, nameOf } from './sessions.ts';

interface Open {
  readonly session: Session;
  readonly since: string;
  readonly seconds: number;
}

/** Transactions that are open for too long. Those that hold others up are told as blocking chains and not again. */
export function transactionFindings(node: SkillNode, activity: Activity): readonly Finding[] {
  const told = new Set(longChains(node, activity).flatMap(({ root, blocked }) => [root, ...blocked]));
  const sessions = [...activity.sessions.values()].filter(
    ({ pid, database }) => !told.has(pid) && database === activity.database,
  );
  return [...idleFindings(node, activity, sessions), ...longFindings(node, activity, sessions)];
}

function idleFindings(node: SkillNode, activity: Activity, sessions: readonly Session[]): readonly Finding[] {
  const threshold = thresholdsOf(node.with).idleInTransactionSeconds;
  const idle = sessions.filter(isIdleInTransaction);
  return byName(openSince(idle, activity.at, threshold, ({ stateChange }) => stateChange)).flatMap(([name, open]) =>
    findingAbout(node, { reason: 'IdleInTransaction', name, open, threshold, doing: 'idle in a transaction' }),
  );
}

function longFindings(node: SkillNode, activity: Activity, sessions: readonly Session[]): readonly Finding[] {
  const threshold = thresholdsOf(node.with).longTransactionSeconds;
  const busy = sessions.filter((session) => !isIdleInTransaction(session));
  return byName(openSince(busy, activity.at, threshold, ({ transactionStart }) => transactionStart)).flatMap(
    ([name, open]) =>
      findingAbout(node, { reason: 'LongTransaction', name, open, threshold, doing: 'in a transaction' }),
  );
}

function openSince(
  sessions: readonly Session[],
  at: Date,
  threshold: number,
  sinceOf: (session: Session) => string | undefined,
): readonly Open[] {
  return sessions
    .flatMap((session) => {
      const since = sinceOf(session);
      return since === undefined ? [] : [{ session, since, seconds: ageSeconds(since, at) }];
    })
    .filter(({ seconds }) => seconds >= threshold)
    .toSorted((a, b) => a.since.localeCompare(b.since) || a.session.pid - b.session.pid);
}

/** One finding for each client program: a pool that leaks does it many times. */
function byName(open: readonly Open[]): readonly (readonly [name: string, open: readonly Open[]])[] {
  const groups = Map.groupBy(open, ({ session }) => nameOf(session));
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

interface About {
  readonly reason: string;
  readonly name: string;
  readonly open: readonly Open[];
  readonly threshold: number;
  readonly doing: string;
}

function findingAbout(node: SkillNode, { reason, name, open, threshold, doing }: About): readonly Finding[] {
  const [longest] = open;
  if (longest === undefined) return [];
  const sessions = open.length === 1 ? `1 session of ${name} is` : `${open.length} sessions of ${name} are`;
  const told = findingOf(node.id, {
    reason,
    subject: name,
    severity: 'Warning',
    summary: `${sessions} ${doing}, the longest for ${longest.seconds} s`,
    since: longest.since,
    value: longest.seconds,
    threshold,
    unit: 's',
    view: 'pg_stat_activity',
    facts: {
      applicationName: longest.session.application,
      user: longest.session.user,
      ownSession: isOwnSession(node.with, longest.session),
      sessions: open.slice(0, 5).map(sessionFacts),
    },
  });
  return [told];
}

function sessionFacts({ session, seconds }: Open): JsonObject {
  const { pid, backendStart = null, state, query } = session;
  return { pid, backendStart, state, seconds, query: query.slice(0, 200) };
}
