import type { Plan } from '../../actions/plan.ts';
import type { Iteration } from '../../api/kinds.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Transition } from '../transition.ts';
import { told } from '../told.ts';
import { takeBackAct, type TakenBack } from './take-back.ts';

type Unwound =
  | { readonly done: false; readonly transition: Transition }
  | { readonly done: true; readonly history: Iteration[] | undefined };

/**
 * Takes back whatever the session has live, the newest first, and tells what stays. What runs of a commit stays until somebody deploys
 * another one: there is nothing to take back but by a new commit, and the session makes none any more.
 */
export async function takeBackAll(
  snapshot: Snapshot,
  deps: Dependencies,
  why: string,
  signal: AbortSignal,
): Promise<Unwound> {
  const ends = new Map<number, Iteration>();
  for (const entry of (snapshot.status.history ?? []).toReversed()) {
    if (entry.standing !== 'Kept' && entry.standing !== 'Pending') continue;
    const taken = await takeBack(snapshot, deps, entry, signal);
    if (!taken.done) return taken;
    ends.set(entry.iteration, ended(entry, taken, why));
  }
  return { done: true, history: snapshot.status.history?.map((entry) => ends.get(entry.iteration) ?? entry) };
}

async function takeBack(
  snapshot: Snapshot,
  deps: Dependencies,
  entry: Iteration,
  signal: AbortSignal,
): Promise<TakenBack> {
  if (entry.plan === undefined) return { done: true, standing: 'NotApplied', note: '' };
  // The digest covers the content: it is the plan that Planning stored.
  const plan = (await deps.evidence.load(snapshot.session, entry.plan, signal)) as Plan;
  if (plan.class === 'Infra') return takeBackAct(snapshot, deps, plan);
  if (entry.commit === undefined) return { done: true, standing: 'NotApplied', note: '' };
  return { done: true, standing: 'Kept', note: 'its commit is what was deployed last' };
}

function ended(entry: Iteration, taken: TakenBack & { readonly done: true }, why: string): Iteration {
  const { standing, note } = taken;
  const result = entry.standing === 'Pending' ? `fail - ${why}` : entry.result;
  return { ...entry, standing, result: told(note === '' ? result : `${result}; ${note}`) };
}
