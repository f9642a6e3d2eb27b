import { failIteration } from './acting/fail-iteration.ts';
import { loadPlan } from './acting/load-plan.ts';
import type { Dependencies } from './dependencies.ts';
import { openIntents } from './open-intents.ts';
import type { Snapshot } from './snapshot.ts';
import { advance, type Transition } from './transition.ts';

/** In these a person is asked, and his own time runs; or the fix holds and only the pull request is left. */
const timeless: ReadonlySet<string> = new Set(['Escalated', 'AwaitingApproval', 'Reporting']);

/**
 * The wall-clock limit; undefined within it. What is being written outside is told first, and what is live and unproven is taken back:
 * a person is asked about a world at rest.
 */
export async function overdue(
  snapshot: Snapshot,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Transition | undefined> {
  const { session, status } = snapshot;
  const limit = session.spec.limits?.wallClockSeconds;
  if (limit === undefined || status.startedAt === undefined || timeless.has(status.phase ?? '')) return undefined;
  const used = (deps.clock.now().getTime() - Date.parse(status.startedAt)) / 1000;
  if (used <= limit || openIntents(status).length > 0) return undefined;
  const message = `The limit of ${limit} s is used up`;
  const announce = { type: 'Warning', reason: 'WallClockLimit', message } as const;
  if (status.phase !== 'Acting' && status.phase !== 'Verifying') return advance('Escalated', {}, announce);
  const plan = await loadPlan(snapshot, deps, signal);
  const ended = failIteration(snapshot, deps, plan, { result: `fail - ${message}`, improved: false });
  return ended.kind === 'Advance' ? advance('Escalated', ended.patch, announce) : ended;
}
