import type { Remedy } from '../skill.ts';
import { restoreEnvironment } from './remedies/environment.ts';
import { forItsOwner } from './remedies/helpless.ts';
import { raiseMemory } from './remedies/memory.ts';
import { undoRelease } from './remedies/release.ts';
import { renewPods, restoreReplicas } from './remedies/replicas.ts';

export const remedies: readonly Remedy[] = [
  raiseMemory,
  restoreEnvironment,
  undoRelease,
  restoreReplicas,
  renewPods,
  ...forItsOwner,
];
