import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { round } from '../lib/statistics.ts';
import type { SkillNode } from '../skill.ts';
import type { Activity, Session, Wait } from './activity.ts';
import { type BlockingChain, blockingChains } from './chains.ts';
import { findingOf } from './finding.ts';
import { isOwnSession, thresholdsOf } from './parameters.ts';
import { ageSeconds, isIdleInTransaction, nameOf } from './sessions.ts';

const mostChains = 5;
const mostWaiters = 5;

/** Chains in which somebody has waited at least `blockedSeconds`, each with the one who holds it up. */
export function blockingFindings(node: SkillNode, activity: Activity): readonly Finding[] {
  return longChains(node, activity)
    .slice(0, mostChains)
    .map((chain) => blockingFinding(node, activity, chain));
}

/** The chains that count by the node's threshold. */
export function longChains(node: SkillNode, activity: Activity): readonly BlockingChain[] {
  const { blockedSeconds } = thresholdsOf(node.with);
  return blockingChains(activity.waits).filter((chain) => waitedSeconds(activity, chain) >= blockedSeconds);
}

/** Of the longest wait. Servers before 14 do not say when a wait began: then the blocker's transaction stands for it. */
function waitedSeconds(activity: Activity, chain: BlockingChain): number {
  const since = chain.since ?? activity.sessions.get(chain.root)?.transactionStart;
  return since === undefined ? Number.POSITIVE_INFINITY : ageSeconds(since, activity.at);
}

function blockingFinding(node: SkillNode, activity: Activity, chain: BlockingChain): Finding {
  const root = activity.sessions.get(chain.root);
  const waits = waitsOf(activity, chain);
  const harms = applicationsOf(activity, chain);
  return findingOf(node.id, {
    reason: 'BlockingChain',
    subject: `${chain.root}@${root?.backendStart ?? 'unknown'}`,
    severity: 'Critical',
    summary: summaryOf(activity, chain, root),
    since: heldSince(chain, root),
    value: chain.blocked.length,
    threshold: 0,
    unit: 'blocked sessions',
    ...(harms.length === 0 ? {} : { harms }),
    view: 'pg_locks, pg_stat_activity, pg_blocking_pids()',
    facts: {
      ...rootFacts(node, activity, chain.root, root),
      blocksDirectly: chain.direct.length,
      blocks: chain.blocked.length,
      blockedApplications: harms,
      waitingSince: chain.since ?? null,
      waiters: waits.slice(0, mostWaiters).map((wait) => waiterFacts(activity, wait)),
    },
  });
}

function summaryOf(activity: Activity, chain: BlockingChain, root: Session | undefined): string {
  const others = chain.blocked.length === 1 ? '1 session' : `${chain.blocked.length} sessions`;
  const longest = chain.since === undefined ? '' : `, the longest for ${ageSeconds(chain.since, activity.at)} s`;
  if (chain.root === 0) return `a prepared transaction blocks ${others}${longest}`;
  if (root === undefined) return `backend ${chain.root}, of which nothing may be seen, blocks ${others}${longest}`;
  const open =
    root.transactionStart === undefined ? '' : ` (open for ${ageSeconds(root.transactionStart, activity.at)} s)`;
  return `backend ${root.pid} of ${nameOf(root)}, ${root.state || 'state hidden'}${open}, blocks ${others}${longest}`;
}

/**
 * Since when the root has held the others up. Waiters that give up and come again would make their own waits look young, so the end
 * of the root's last statement counts where it does nothing any more: all its locks are older than that.
 */
function heldSince(chain: BlockingChain, root: Session | undefined): string | undefined {
  const own = root === undefined ? undefined : isIdleInTransaction(root) ? root.stateChange : root.queryStart;
  return [chain.since, own].filter((time) => time !== undefined).toSorted()[0];
}

function rootFacts(node: SkillNode, activity: Activity, pid: number, root: Session | undefined): JsonObject {
  if (root === undefined) return { pid, prepared: pid === 0, state: 'hidden' };
  return {
    pid,
    backendStart: root.backendStart ?? null,
    transactionStart: root.transactionStart ?? null,
    applicationName: root.application,
    user: root.user,
    client: root.client,
    ownSession: isOwnSession(node.with, root),
    state: root.state,
    transactionSeconds: root.transactionStart === undefined ? null : ageSeconds(root.transactionStart, activity.at),
    idleSeconds:
      isIdleInTransaction(root) && root.stateChange !== undefined ? ageSeconds(root.stateChange, activity.at) : null,
    ...(root.state === 'active' && root.queryStart !== undefined
      ? { queryStart: root.queryStart, statementSeconds: ageSeconds(root.queryStart, activity.at) }
      : {}),
    query: root.query,
  };
}

function waitsOf(activity: Activity, chain: BlockingChain): readonly Wait[] {
  const blocked = new Set(chain.blocked);
  return activity.waits
    .filter(({ pid }) => blocked.has(pid))
    .toSorted((a, b) => (a.since ?? '').localeCompare(b.since ?? '') || a.pid - b.pid);
}

function waiterFacts(activity: Activity, wait: Wait): JsonObject {
  const session = activity.sessions.get(wait.pid);
  return {
    pid: wait.pid,
    applicationName: session?.application ?? '',
    waitsSeconds: wait.since === undefined ? null : round(ageSeconds(wait.since, activity.at), 1),
    mode: wait.mode,
    relation: wait.relation ?? null,
    blockedBy: [...wait.blockers],
    query: (session?.query ?? '').slice(0, 200),
  };
}

function applicationsOf(activity: Activity, chain: BlockingChain): readonly string[] {
  const names = chain.blocked.map((pid) => activity.sessions.get(pid)?.application ?? '');
  return [...new Set(names.filter((name) => name !== ''))].toSorted().slice(0, 10);
}
