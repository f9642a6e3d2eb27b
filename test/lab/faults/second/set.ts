import type { Fault } from '../fault.ts';
import { fault as bankWithinTheTransaction } from './bank-within-the-transaction.ts';
import { fault as fourInARow } from './four-in-a-row.ts';
import { fault as illNeighbour } from './ill-neighbour.ts';
import { fault as k8sNoSuchPool } from './k8s-no-such-pool.ts';
import { fault as needsLongerThanItsCallerWaits } from './needs-longer-than-its-caller-waits.ts';
import { fault as overwrittenTally } from './overwritten-tally.ts';
import { fault as remembersTooLong } from './remembers-too-long.ts';
import { fault as scannerKnocks } from './scanner-knocks.ts';
import { fault as secondsForMilliseconds } from './seconds-for-milliseconds.ts';
import { fault as sequenceRunsOut } from './sequence-runs-out.ts';
import { fault as slowNumbering } from './slow-numbering.ts';
import { fault as worksOnAnotherQueue } from './works-on-another-queue.ts';

/**
 * Faults that were written by others than the authors of the reasoning. Each was tried once as it was; then what they showed to be missing
 * was learnt, so they tell of what is known now, not of what is unknown. They are not in the catalogue, whose faults `npm test` runs live:
 * that would take too long. `npm run evals` runs them.
 */
export const secondFaults: readonly Fault[] = [
  scannerKnocks,
  sequenceRunsOut,
  illNeighbour,
  remembersTooLong,
  secondsForMilliseconds,
  fourInARow,
  k8sNoSuchPool,
  slowNumbering,
  needsLongerThanItsCallerWaits,
  bankWithinTheTransaction,
  overwrittenTally,
  worksOnAnotherQueue,
];
