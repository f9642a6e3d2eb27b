import { replacedIn } from './edited.ts';
import type { Fault } from './fault.ts';
import { buyersAreServed, pageIsStuck } from './page.ts';

const path = 'public/checkout.js';

/** The page was ready for a version of the API that is not. */
export const fault: Fault = {
  name: 'frontend-wrong-api-path',
  description: 'A release of the web page asks the API under a path that is not there',
  session: { service: 'frontend', symptom: 'Nobody can check out on the web page since the release' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.frontend}/${names.nodes.code}`, kind: 'github.CodeRegression' }],
    fixes: ['github.revert-commit'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['web'] }),
  async inject(lab) {
    const text = replacedIn(path, await lab.readFile('frontend', path), '`/api${path}`', '`/api/v2${path}`');
    const { conclusion } = await lab.commit('frontend', {
      message: 'Ask the second version of the API',
      files: { [path]: text },
    });
    if (conclusion !== 'success') throw new Error(`the release ended with ${conclusion}`);
    await lab.awaitRollout('frontend');
    await lab.until('the page to be stuck', () => pageIsStuck(lab), 60_000);
  },
  healed: (lab) => buyersAreServed(lab),
};
