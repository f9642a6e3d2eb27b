import { repositoryFiles, usualDefinitions } from '../world/repositories.ts';
import type { Fault } from './fault.ts';
import { noteWell, wellAndUntouched } from './untouched.ts';

/** Four lines a second that are no event of any request, and no JSON as the rest is. */
const noise = `
setInterval(() => console.log('retry report: errors=0 failures=0 exceptions=[] (no failed deliveries)'), 250);
`;

/** Its log is full of the words of trouble, and it says that there is none. */
export const fault: Fault = {
  name: 'noisy-log',
  description: 'A service writes reports full of the word error that tell of none; all is well',
  session: { service: 'gateway', symptom: 'Somebody saw many errors in the log of notifications' },
  expected: { outcome: 'NoFaultFound', causes: () => [], fixes: [], iterations: 1 },
  prepare: (names) => ({
    files(role) {
      if (role !== 'notification') return {};
      const path = `src/${names.mainFile}`;
      const usual = repositoryFiles(role, names, usualDefinitions(names)[role]);
      return { [path]: `${usual[path] ?? ''}${noise}` };
    },
  }),
  inject: noteWell,
  healed: wellAndUntouched,
};
