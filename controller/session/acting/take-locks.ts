import type { Plan } from '../../actions/plan.ts';
import type { Dependencies } from '../dependencies.ts';
import { lockKeys } from '../locks.ts';
import { loadBundle, type Snapshot } from '../snapshot.ts';
import { tellStep } from '../step.ts';

export interface Locked {
  readonly keys: readonly string[];
  /** Somebody else held one: the world may have changed meanwhile. */
  readonly waited: boolean;
}

/** Takes the leases of an act, all or none, waiting its turn. Taking those that we hold already is no wait. */
export async function takeLocks(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan,
  signal: AbortSignal,
): Promise<Locked> {
  const keys = lockKeys(plan, await loadBundle(snapshot, deps, signal));
  for (let waited = false; ; waited = true) {
    const holder = await deps.locks.acquire(snapshot.session, keys, signal);
    if (holder === undefined) return { keys, waited };
    if (!waited) tellStep(snapshot, deps, 'lock', 'Waiting', `${holder} acts on the same target or service`);
    await deps.clock.sleep(deps.timings.lockRetryMs, signal);
  }
}
