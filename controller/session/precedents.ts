import type { EvidenceBundle } from '../evidence/bundle.ts';
import type { Precedent } from '../reasoning/reasoner.ts';
import { cameAgain, isBackIn, undone, type Past } from '../reasoning/recall/past.ts';
import type { PastIndex } from '../reasoning/recall/past-index.ts';
import type { Dependencies } from './dependencies.ts';
import type { Snapshot } from './snapshot.ts';

type Needed = Pick<Dependencies, 'sessions' | 'recollections' | 'timings'>;

const most = 5;
/** So many are looked at for those that differ. */
const considered = 50;

/**
 * Sessions of the namespace that have ended and were much like this one, the likest first; of those with the same cause and the same
 * lesson one. A fix whose cause was there again, in this session or in another one soon after, is told as failed.
 */
export function precedentsFor(snapshot: Snapshot, deps: Needed, bundle: EvidenceBundle): readonly Precedent[] {
  const index = pastsOf(snapshot, deps);
  const lessons = new Map<string, Precedent>();
  for (const { past, likeness } of index.likest(bundle, considered)) {
    const { session, endedAt, symptom, rootCause } = past;
    const isUndone =
      isUndoneHere(past, snapshot, deps, bundle) || cameAgain(past, index.all(), deps.timings.cameBackSeconds);
    const { worked, failed } = isUndone ? undone(past) : past;
    const lesson = JSON.stringify([rootCause, worked, failed]);
    if (!lessons.has(lesson)) lessons.set(lesson, { session, endedAt, symptom, rootCause, worked, failed, likeness });
    if (lessons.size === most) break;
  }
  return [...lessons.values()];
}

/** A fix that counts as failed, although it was proven to help in that session. */
export interface CameBack {
  readonly signature: string;
  /** `<namespace>/<name>`. */
  readonly session: string;
}

/**
 * What a session was Fixed by not long before this one began, and whose cause is there again: as good as failed, so that another fix is
 * looked for, or a person told, and not the same done once more.
 */
export function cameBack(snapshot: Snapshot, deps: Needed, bundle: EvidenceBundle): readonly CameBack[] {
  const back = [...pastsOf(snapshot, deps).all()].filter((past) => isUndoneHere(past, snapshot, deps, bundle));
  const bySignature = new Map(back.flatMap(({ cures, session }) => cures.map((signature) => [signature, session])));
  return [...bySignature].map(([signature, session]) => ({ signature, session }));
}

const begin = 'Came back after ';

/** As it stands among a diagnosis's gaps. */
export function toldOf({ session, signature }: CameBack): string {
  return `${begin}${session}, where it helped: ${signature}`;
}

export function tellsCameBack(gap: string): boolean {
  return gap.startsWith(begin);
}

function pastsOf({ session }: Snapshot, { sessions, recollections }: Needed): PastIndex {
  const { namespace } = session.metadata;
  return recollections.of(namespace, sessions.ended(namespace));
}

/** Within the window before this session began, so that all of its iterations have the same answer. */
function isUndoneHere(past: Past, { session, status }: Snapshot, { timings }: Needed, bundle: EvidenceBundle): boolean {
  const began = Date.parse(status.startedAt ?? session.metadata.creationTimestamp);
  const isRecent = began - Date.parse(past.endedAt) <= timings.cameBackSeconds * 1000;
  return isRecent && past.cures.length > 0 && isBackIn(past, bundle);
}
