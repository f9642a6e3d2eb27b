import type { JsonObject } from '../../api/json.ts';
import type { Plan } from '../../actions/plan.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';
import { tellStep } from '../step.ts';
import { actOf } from './act-context.ts';

export interface Settled {
  readonly ok: boolean;
  readonly summary: string;
}

/** Waits until an act is in force and at rest, told by the action itself; an act without such a check is so at once. */
export async function awaitSettled(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan,
  acted: { readonly frozen: JsonObject; readonly evidence: JsonObject },
  signal: AbortSignal,
): Promise<Settled> {
  const { action, context } = actOf(snapshot, deps, plan);
  if (action.settled === undefined) return { ok: true, summary: 'in force' };
  const deadline = deps.clock.monotonicMs() + deps.timings.rolloutSeconds * 1000;
  let last = '';
  while (deps.clock.monotonicMs() < deadline) {
    const now = await action.settled(context('Read', signal), acted.frozen, acted.evidence);
    if (now.state !== 'Progressing') return { ok: now.state === 'Settled', summary: now.summary };
    if (now.summary !== last) tellStep(snapshot, deps, plan.action, 'Waiting', now.summary);
    last = now.summary;
    await deps.clock.sleep(deps.timings.pollMs, signal);
  }
  return { ok: false, summary: `not at rest after ${deps.timings.rolloutSeconds} s: ${last}` };
}
