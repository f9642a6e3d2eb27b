import { failIteration } from './acting/fail-iteration.ts';
import { loadPlan } from './acting/load-plan.ts';
import type { Dependencies } from './dependencies.ts';
import { limitsOf } from './limits.ts';
import { openIntents } from './open-intents.ts';
import { heldSince } from './restored.ts';
import { iterationOf, type Snapshot } from './snapshot.ts';
import { advance, type Announcement, type Transition } from './transition.ts';

/** In these a person is asked, and his own time runs; or the fix holds and only the pull request is left. */
const timeless: ReadonlySet<string> = new Set(['Escalated', 'AwaitingApproval', 'Reporting']);

/** In such a phase, or held until a person has looked. */
function isTimeless({ status }: Snapshot): boolean {
  return timeless.has(status.phase ?? '') || heldSince(status) !== undefined;
}

/**
 * The limits of time and of tool calls; undefined within them. What is being written outside is told first, and what is live and
 * unproven is taken back: a person is asked about a world at rest.
 */
export async function overLimits(
  snapshot: Snapshot,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Transition | undefined> {
  const { status } = snapshot;
  // What it has begun to take back is taken back by the way out below: its phase could still find a reason to keep it.
  const writing = openIntents(status).some(({ kind }) => kind !== 'Rollback');
  if (isTimeless(snapshot) || writing) return undefined;
  const announce = usedUp(snapshot, deps);
  if (announce === undefined) return undefined;
  if (status.phase !== 'Acting' && status.phase !== 'Verifying') return advance('Escalated', {}, announce);
  const plan = await loadPlan(snapshot, deps, signal);
  const failure = { result: `fail - ${announce.message}`, improved: false };
  const ended = failIteration(snapshot, deps, plan, failure);
  if (ended.kind !== 'Advance') return ended;
  // The iteration that ended is the one that a person is asked about.
  return advance('Escalated', { ...ended.patch, iteration: iterationOf(snapshot) }, announce);
}

function usedUp({ session, status, uid }: Snapshot, deps: Dependencies): Announcement | undefined {
  const { wallClockSeconds, toolCalls } = limitsOf(session, deps.limits);
  const { toolCalls: written = 0, waitedSeconds = 0 } = status.usage ?? {};
  if (written + deps.tools.unwrittenCalls(uid) >= toolCalls) {
    return { type: 'Warning', reason: 'ToolCallLimit', message: `The limit of ${toolCalls} tool calls is used up` };
  }
  const startedAt = Date.parse(status.startedAt ?? '');
  const seconds = (deps.clock.now().getTime() - startedAt) / 1000 - waitedSeconds;
  if (!(seconds > wallClockSeconds)) return undefined;
  return { type: 'Warning', reason: 'WallClockLimit', message: `The limit of ${wallClockSeconds} s is used up` };
}
