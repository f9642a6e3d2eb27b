import type { JsonObject } from '../../api/json.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import type { Desk, Ledger } from '../../reasoning/desk.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import { PlanRefused } from '../../../skills/lib/plan-refused.ts';
import type { Dependencies } from '../dependencies.ts';
import { limitsOf } from '../limits.ts';
import { renderFix } from '../planning/render-fix.ts';
import { iterationOf, type Snapshot } from '../snapshot.ts';
import type { Look } from './looks.ts';
import { readsOf } from './reads.ts';

/** A desk for one diagnosis: the session's ledger, what it may look at, and what is left of its tokens. */
export function deskFor(snapshot: Snapshot, deps: Dependencies, resolved: ResolvedGraph, looks: readonly Look[]): Desk {
  const { session, status, uid } = snapshot;
  const { spending } = deps;
  spending.begin(uid);
  return {
    ledger: ledgerOf(snapshot, deps),
    reads: readsOf(snapshot, deps, resolved, looks),
    budget: {
      left: () => limitsOf(session, deps.limits).tokens - (status.usage?.tokens ?? 0) - spending.of(uid).tokens,
      spend: ({ input, output }) => spending.add(uid, input + output),
    },
    faultsOf: (action, node, parameters, signal) => faultsOf(snapshot, deps, { action, node, parameters }, signal),
  };
}

function ledgerOf(snapshot: Snapshot, { evidence }: Dependencies): Ledger {
  const { session } = snapshot;
  return {
    recall: (key, signal) => evidence.recall(session, key, signal),
    keep: (key, value, signal) => evidence.keep(session, iterationOf(snapshot), key, value, signal),
  };
}

interface Edit {
  readonly action: string;
  readonly node: string;
  readonly parameters: JsonObject;
}

/** Tries the edit on the repository as it is, and holds it against what the review gate lets nobody push. */
async function faultsOf(
  { status, ...snapshot }: Snapshot,
  deps: Dependencies,
  { action, node, parameters }: Edit,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const fix = { action, node, class: 'Code', signature: '', parameters: canonicalJson(parameters) } as const;
  // The diagnosis in the status is that of the iteration before.
  const { diagnosis: _, ...now } = status;
  try {
    await renderFix({ ...snapshot, status: now }, deps, fix, signal);
    return [];
  } catch (error) {
    if (error instanceof PlanRefused) return [error.message];
    throw error;
  }
}
