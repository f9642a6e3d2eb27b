import { moreOf, notesOf, type AlertNote } from '../../api/alert-notes.ts';
import type { CheckResult } from '../../../skills/skill.ts';
import type { Judge } from './judge.ts';

export const alertsResolved = 'alerts resolved';

/**
 * Whether the alerts that the session was told of have resolved, and one of them since the act. That they fire still tells nothing, as
 * Alertmanager says of it minutes later: so it is never more than NotRun, which neither fails a fix nor leaves it open.
 */
export function alertsCheck({ snapshot, deps, from }: Judge): readonly CheckResult[] {
  const session = deps.sessions.latest(snapshot.session);
  const notes = [...notesOf(session).values()];
  if (notes.length === 0) return [];
  const node = snapshot.topology.spec.service;
  const acted = actedAt({ snapshot, from });
  const resolved = notes.filter(({ status }) => status === 'resolved');
  const since = resolved.filter((note) => endOf(note) >= acted);
  const { count } = moreOf(session);
  const more = count === 0 ? '' : `; of ${count} more it is not followed`;
  const summary = `${resolved.length} of ${notes.length} alerts have resolved, ${since.length} of them since the act${more}`;
  const isTold = resolved.length === notes.length && since.length > 0;
  return [{ name: alertsResolved, node, verdict: isTold ? 'Pass' : 'NotRun', summary }];
}

/** When the last act began, in milliseconds. */
function actedAt({ snapshot, from }: Pick<Judge, 'snapshot' | 'from'>): number {
  const acts = (snapshot.status.intents ?? []).filter(({ kind }) => kind === 'Act' || kind === 'Push');
  const began = acts.flatMap(({ startedAt }) => (startedAt === undefined ? [] : [Date.parse(startedAt)]));
  return began.length === 0 ? from.getTime() : Math.max(...began);
}

function endOf({ endsAt }: AlertNote): number {
  return endsAt === undefined ? 0 : Date.parse(endsAt);
}
