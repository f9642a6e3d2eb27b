import type { Wait } from './activity.ts';

/** Everybody who waits, in the end, for one backend that itself waits for nobody. */
export interface BlockingChain {
  /** Pid of the one who holds everybody up; 0 for a prepared transaction. */
  readonly root: number;
  /** Those that wait for the root itself, ascending. */
  readonly direct: readonly number[];
  /** All that wait for it, also through others, ascending. */
  readonly blocked: readonly number[];
  /** When the first of them began to wait. */
  readonly since?: string;
}

/**
 * The chains of a lock queue, the one that blocks most first. Waits that run in a circle have no root and are left out: PostgreSQL
 * ends one of them itself after `deadlock_timeout`.
 */
export function blockingChains(waits: readonly Wait[]): readonly BlockingChain[] {
  const byPid = new Map(waits.map((wait) => [wait.pid, wait]));
  const blockedBy = new Map<number, Wait[]>();
  for (const wait of waits) {
    for (const root of rootsOf(wait, byPid)) blockedBy.set(root, [...(blockedBy.get(root) ?? []), wait]);
  }
  return [...blockedBy]
    .map(([root, blocked]) => chainOf(root, blocked))
    .toSorted((a, b) => b.blocked.length - a.blocked.length || a.root - b.root);
}

function rootsOf(wait: Wait, byPid: ReadonlyMap<number, Wait>): ReadonlySet<number> {
  const roots = new Set<number>();
  const seen = new Set([wait.pid]);
  const open = [...wait.blockers];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (seen.has(pid)) continue;
    seen.add(pid);
    const next = byPid.get(pid);
    if (next === undefined) roots.add(pid);
    else open.push(...next.blockers);
  }
  return roots;
}

function chainOf(root: number, blocked: readonly Wait[]): BlockingChain {
  const since = blocked.flatMap((wait) => wait.since ?? []).toSorted()[0];
  const pids = (waits: readonly Wait[]): number[] => waits.map(({ pid }) => pid).toSorted((a, b) => a - b);
  return {
    root,
    direct: pids(blocked.filter((wait) => wait.blockers.includes(root))),
    blocked: pids(blocked),
    ...(since === undefined ? {} : { since }),
  };
}
