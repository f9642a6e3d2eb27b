import { actionId, type Commit } from '../../actions/plan.ts';
import { keyOf } from '../../topology/resolved.ts';
import type { Dependencies, Where } from '../dependencies.ts';
import type { IntentSpec } from '../intents.ts';
import type { Snapshot } from '../snapshot.ts';

/** A push of one frozen commit as an intent: pushing it again gives the same SHA, and the branch tells whether it is there. */
export function pushIntent(
  snapshot: Snapshot,
  deps: Dependencies,
  where: Where,
  commit: Commit,
  frozen: { readonly digest: string; readonly guard: IntentSpec['guard'] },
): IntentSpec {
  return {
    id: actionId(snapshot.uid, frozen.digest, `push ${where.repository}`),
    kind: 'Push',
    target: `${where.repository}#${commit.branch}`,
    under: keyOf(where.topology),
    repository: where.repository,
    actionDigest: frozen.digest,
    guard: frozen.guard,
    execute: async (signal) => ({ ...(await deps.source.push(where, commit, signal)) }),
    probe: async (signal) => {
      const sha = await deps.source.pushed(where, commit, signal);
      return sha === undefined ? { verdict: 'Absent', evidence: {} } : { verdict: 'Happened', evidence: { sha } };
    },
  };
}

/** The commit of a push intent's evidence. */
export function shaOf(evidence: { readonly [key: string]: unknown }): string {
  const { sha } = evidence;
  return typeof sha === 'string' ? sha : '';
}
