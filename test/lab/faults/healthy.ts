import type { Fault } from './fault.ts';
import { noteWell, wellAndUntouched } from './untouched.ts';

/** A false alarm: nothing is wrong, and nothing may be touched. */
export const fault: Fault = {
  name: 'healthy',
  description: 'Nothing is wrong: the session must say so and touch nothing',
  session: { service: 'gateway', symptom: 'Somebody says that checkouts felt slow a while ago' },
  expected: { outcome: 'NoFaultFound', causes: () => [], fixes: [], iterations: 1 },
  inject: noteWell,
  healed: wellAndUntouched,
};
