import type { Plan } from '../actions/plan.ts';
import { digestOf } from '../evidence/canonical.ts';
import type { FileEdit } from '../../skills/skill.ts';
import { childName } from './child-name.ts';
import type { Dependencies, Where } from './dependencies.ts';
import type { Snapshot } from './snapshot.ts';

/** Characters of the name below `threehops/`; the status takes 200 with it. */
const maxBranch = 180;

/** The session's one branch in a repository. It ends in the first eight digits of the UID. */
export function branchOf({ session }: Pick<Snapshot, 'session'>): string {
  return `threehops/${childName(session, '', maxBranch)}`;
}

/** Names one commit of a session among its others: by this it is found again after a crash. */
export const changeTrailer = 'Threehops-Change';

/** Namespace and name of the session that made a commit, and its UID. */
export const sessionTrailer = 'Threehops-Session';
export const uidTrailer = 'Threehops-Session-UID';

/** What ties a commit to the session that made it. */
export function trailersOf(
  snapshot: Snapshot,
  action: string,
  change: { readonly parent: string; readonly edits: readonly FileEdit[] },
): Readonly<Record<string, string>> {
  const { namespace, name, uid } = snapshot.session.metadata;
  return {
    [changeTrailer]: digestOf({ uid, iteration: snapshot.status.iteration ?? 1, ...change }).slice(0, 32),
    [sessionTrailer]: `${namespace}/${name}`,
    [uidTrailer]: uid,
    'Threehops-Iteration': String(snapshot.status.iteration ?? 1),
    'Threehops-Action': action,
  };
}

/**
 * The tree that the session means: the base branch with the edits of every iteration that is still live laid over it. What a
 * failed iteration pushed is not in it, so the next commit takes it back.
 */
export interface WorkingTree {
  /** Head of the base branch. */
  readonly base: string;
  /** What the next commit is built on: the head of the session's branch, or the base. */
  readonly parent: string;
  readonly kept: ReadonlyMap<string, string | null>;
  /** Files that commits of this session touched and that no live edit holds. */
  readonly abandoned: readonly string[];
}

export async function workingTree(
  snapshot: Snapshot,
  deps: Dependencies,
  where: Where,
  signal: AbortSignal,
): Promise<WorkingTree> {
  const baseBranch = where.topology.spec.source?.baseBranch ?? 'main';
  const base = await deps.source.head(where, baseBranch, signal);
  if (base === undefined) throw new Error(`${where.repository} has no branch ${baseBranch}`);
  const parent = (await deps.source.head(where, branchOf(snapshot), signal)) ?? base;
  const kept = new Map<string, string | null>();
  const touched = new Set<string>();
  for (const { plan, standing } of await plansOf(snapshot, deps, where, signal)) {
    for (const edit of plan.edits) {
      touched.add(edit.path);
      if (standing === 'Kept') kept.set(edit.path, edit.content);
    }
  }
  return { base, parent, kept, abandoned: [...touched].filter((path) => !kept.has(path)) };
}

/** A file as the session means it. */
export async function readMeant(
  tree: WorkingTree,
  deps: Dependencies,
  where: Where,
  path: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (tree.kept.has(path)) return tree.kept.get(path) ?? undefined;
  return deps.source.readFile(where, tree.base, path, signal);
}

/** All that the next commit must say so that the branch is the working tree with `edits` on top. */
export async function commitEdits(
  tree: WorkingTree,
  deps: Dependencies,
  where: Where,
  edits: readonly FileEdit[],
  signal: AbortSignal,
): Promise<readonly FileEdit[]> {
  const wanted = new Map<string, string | null>();
  for (const path of tree.abandoned) {
    wanted.set(path, (await deps.source.readFile(where, tree.base, path, signal)) ?? null);
  }
  for (const [path, content] of tree.kept) wanted.set(path, content);
  for (const edit of edits) wanted.set(edit.path, edit.content);
  return [...wanted].map(([path, content]) => ({ path, content })).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

interface PastPlan {
  readonly plan: Plan;
  readonly standing: string;
}

/** The plans of earlier iterations for the same repository's map, oldest first. */
async function plansOf(
  snapshot: Snapshot,
  deps: Dependencies,
  where: Where,
  signal: AbortSignal,
): Promise<readonly PastPlan[]> {
  const { namespace, name } = where.topology.metadata;
  const found: PastPlan[] = [];
  for (const entry of snapshot.status.history ?? []) {
    if (entry.plan === undefined || entry.standing === 'Pending') continue;
    // The digest covers the content: it is the plan that Planning stored.
    const plan = (await deps.evidence.load(snapshot.session, entry.plan, signal)) as Plan;
    if (plan.topology === `${namespace}/${name}`) found.push({ plan, standing: entry.standing ?? 'NotApplied' });
  }
  return found;
}
