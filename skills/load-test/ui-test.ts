import { objectOf } from '../lib/reading.ts';
import type { Check } from '../skill.ts';

/** Never passed and never failed: nothing here clicks yet, and saying so is all that can be said. */
export const uiTest: Check = {
  name: 'ui test',
  run: ({ node, thresholds }) => {
    const declared = Object.keys(objectOf(objectOf(thresholds['tests'])['ui'])).length > 0;
    const summary = declared ? 'no browser is configured' : 'the map declares no UI test (spec.tests.ui)';
    return Promise.resolve({ name: 'ui test', node: node.id, verdict: 'NotRun', summary });
  },
};
