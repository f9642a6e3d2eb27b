import type { Fault } from '../fault.ts';
import { fault as blamesAnother } from './blames-another.ts';
import { fault as comesAndGoes } from './comes-and-goes.ts';
import { fault as hiddenBehindACache } from './hidden-behind-a-cache.ts';
import { fault as innocentDeploy } from './innocent-deploy.ts';
import { fault as loudVictim } from './loud-victim.ts';
import { fault as overloadBySetting } from './overload-by-setting.ts';
import { fault as readOnlyForOne } from './read-only-for-one.ts';
import { fault as slowLeak } from './slow-leak.ts';
import { fault as threeReferencesAway } from './three-references-away.ts';
import { fault as twoInOnePush } from './two-in-one-push.ts';

/**
 * Faults that are combined or disguised, for measuring alone: written before any of them was tried, and nothing of the operator is
 * fitted to them. They are not in the catalogue, so that no test and no recording leads anybody to do so.
 */
export const hardFaults: readonly Fault[] = [
  hiddenBehindACache,
  blamesAnother,
  innocentDeploy,
  loudVictim,
  threeReferencesAway,
  slowLeak,
  readOnlyForOne,
  twoInOnePush,
  comesAndGoes,
  overloadBySetting,
];
