import type { Fault } from './fault.ts';
import { noteWell, wellAndUntouched } from './untouched.ts';

/** The slowest thing on the map is as slow as it always is. */
export const fault: Fault = {
  name: 'unhurried-carrier',
  description: 'A dependency is by far the slowest of all and as well as ever: nothing may be touched',
  session: { service: 'gateway', symptom: 'Somebody says that checkouts used to be faster' },
  expected: { outcome: 'NoFaultFound', causes: () => [], fixes: [], iterations: 1 },
  prepare: () => ({ needs: ['carrier'] }),
  async inject(lab) {
    lab.carrier?.answer({ body: '{"accepted":true}', delayMs: 250 });
    await noteWell(lab);
  },
  healed: wellAndUntouched,
};
