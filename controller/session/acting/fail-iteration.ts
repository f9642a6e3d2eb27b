import type { Plan } from '../../actions/plan.ts';
import type { Dependencies } from '../dependencies.ts';
import { nextIteration } from '../iterate.ts';
import { releaseLocks } from '../release-locks.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Transition } from '../transition.ts';
import { takeBackAct } from './take-back.ts';

/**
 * Ends an iteration that did not fix it. A fix that helped in part stays; an infra act that improved nothing is taken back
 * first, and what a code iteration pushed is taken back by the next commit.
 */
export function failIteration(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan,
  failure: { readonly result: string; readonly improved: boolean },
): Transition {
  const { result, improved } = failure;
  const taken = improved ? kept : plan.class === 'Code' ? replaced : takeBackAct(snapshot, deps, plan);
  if (!taken.done) return taken.transition;
  const { standing, note } = taken;
  const told = note === '' ? result : `${result}; ${note}`;
  const releasing = releaseLocks(snapshot, deps);
  return releasing ?? nextIteration(snapshot, deps, { result: told, standing, progressed: improved });
}

const kept = { done: true, standing: 'Kept', note: '' } as const;
const replaced = { done: true, standing: 'RolledBack', note: '' } as const;
