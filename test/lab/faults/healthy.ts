import type { Fault } from './fault.ts';
import { allHold, trafficIsServed, usersAreServed } from './judge.ts';
import { noteState, nothingTouched } from './untouched.ts';

/** A false alarm: nothing is wrong, and nothing may be touched. */
export const fault: Fault = {
  name: 'healthy',
  description: 'Nothing is wrong: the session must say so and touch nothing',
  session: { service: 'gateway', symptom: 'Somebody says that checkouts felt slow a while ago' },
  expected: { outcome: 'NoFaultFound', causes: () => [], fixes: [], iterations: 1 },
  async inject(lab) {
    await lab.until('some healthy traffic', () => trafficIsServed(lab));
    await noteState(lab);
  },
  healed: (lab) =>
    allHold(
      () => nothingTouched(lab),
      () => usersAreServed(lab),
    ),
};
