import type { Desk, Ledger, TokenUse } from '../../reasoning/desk.ts';
import { PlanRefused } from '../../../skills/lib/plan-refused.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import type { Dependencies } from '../dependencies.ts';
import { limitsOf } from '../limits.ts';
import { renderFix } from '../planning/render-fix.ts';
import { iterationOf, type Snapshot } from '../snapshot.ts';
import { readsFor } from './reads.ts';

/** What a diagnosis cost. */
export interface Spent {
  readonly tokens: number;
  readonly requests: number;
}

export interface SessionDesk extends Desk {
  spent(): Spent;
}

/** A desk for one diagnosis: the session's ledger, its read tools and what is left of its tokens. */
export async function deskFor(
  snapshot: Snapshot,
  deps: Dependencies,
  resolved: ResolvedGraph,
  signal: AbortSignal,
): Promise<SessionDesk> {
  const { session, status } = snapshot;
  const spent = { tokens: 0, requests: 0 };
  return {
    ledger: ledgerOf(snapshot, deps),
    reads: await readsFor(snapshot, deps, resolved, signal),
    budget: {
      left: () => limitsOf(session, deps.limits).tokens - (status.usage?.tokens ?? 0) - spent.tokens,
      spend({ input, output }: TokenUse) {
        spent.tokens += input + output;
        spent.requests += 1;
      },
    },
    spent: () => ({ ...spent }),
    async faultsOf(action, node, parameters, aborted) {
      const fix = { action, node, class: 'Code', signature: '', parameters: canonicalJson(parameters) } as const;
      try {
        await renderFix(snapshot, deps, fix, aborted);
        return [];
      } catch (error) {
        if (error instanceof PlanRefused) return [error.message];
        throw error;
      }
    },
  };
}

function ledgerOf(snapshot: Snapshot, { evidence }: Dependencies): Ledger {
  const { session } = snapshot;
  return {
    recall: (key, signal) => evidence.recall(session, key, signal),
    keep: (key, value, signal) => evidence.keep(session, iterationOf(snapshot), key, value, signal),
  };
}
