import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { Memory } from '../../reasoning/reasoner.ts';
import type { Dependencies } from '../dependencies.ts';
import { memoryOf } from '../memory.ts';
import { cameBack, precedentsFor, toldOf } from '../precedents.ts';
import type { Snapshot } from '../snapshot.ts';

export interface Remembered {
  readonly memory: Memory;
  /** What a person must know of it. */
  readonly told: readonly string[];
}

/** What this session and those before it have tried. */
export function remembered(snapshot: Snapshot, deps: Dependencies, bundle: EvidenceBundle): Remembered {
  const own = memoryOf(snapshot.status);
  const back = cameBack(snapshot, deps, bundle);
  const failed = [...own.failed, ...back.map(({ signature }) => signature)];
  const told = back.map(toldOf);
  const precedents = precedentsFor(snapshot, deps, bundle);
  return { memory: { ...own, failed, ...(precedents.length === 0 ? {} : { precedents }) }, told };
}
