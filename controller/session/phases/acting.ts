import { whereOf } from '../acting/act-context.ts';
import { actCode } from '../acting/code.ts';
import { failIteration } from '../acting/fail-iteration.ts';
import { actInfra } from '../acting/infra.ts';
import { loadPlan } from '../acting/load-plan.ts';
import { lookAgain } from '../acting/look-again.ts';
import { measureBefore } from '../acting/measure-before.ts';
import { takeLocks } from '../acting/take-locks.ts';
import type { Dependencies } from '../dependencies.ts';
import { heldSince } from '../restored.ts';
import type { Snapshot } from '../snapshot.ts';
import { heldByTraces } from '../traces.ts';
import type { Transition } from '../transition.ts';

/** The only phase that changes the environment: locks, a look at how it is before the first act, then the plan's act and nothing else. */
export async function acting(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Transition> {
  const plan = await loadPlan(snapshot, deps, signal);
  const failure = snapshot.status.acting?.failure;
  if (failure !== undefined)
    return failIteration(snapshot, deps, plan, { result: `fail - ${failure}`, improved: false });
  // Before the locks: who is held for days must not keep others from their targets.
  const held = heldByTraces(snapshot, deps, whereOf(snapshot, deps, plan));
  if (held !== undefined) return held;
  if (heldSince(snapshot.status) !== undefined) return lookAgain(snapshot);
  const waiting = await takeLocks(snapshot, deps, plan, signal);
  if (waiting !== undefined) return waiting;
  const before = measureBefore(snapshot, deps, plan);
  if (!before.done) return before.transition;
  return plan.class === 'Code'
    ? actCode(snapshot, deps, plan, before.value)
    : actInfra(snapshot, deps, plan, before.value);
}
