import { replacedIn } from './edited.ts';
import type { Fault } from './fault.ts';
import { buyersAreServed, pageIsStuck } from './page.ts';

const path = 'public/index.html';

/** The bundle is made by a step that staging does not have. */
export const fault: Fault = {
  name: 'frontend-asset-missing',
  description: 'A release of the web page refers to a script that was not released with it',
  session: { service: 'frontend', symptom: 'The checkout page stays at its first line since the release' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.frontend}/${names.nodes.code}`, kind: 'github.CodeRegression' }],
    fixes: ['github.revert-commit'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['web'] }),
  async inject(lab) {
    const text = replacedIn(path, await lab.readFile('frontend', path), '/checkout.js', '/checkout.bundle.js');
    const { conclusion } = await lab.commit('frontend', {
      message: 'Serve the bundled script',
      files: { [path]: text },
    });
    if (conclusion !== 'success') throw new Error(`the release ended with ${conclusion}`);
    await lab.awaitRollout('frontend');
    await lab.until('the page to be stuck', () => pageIsStuck(lab), 60_000);
  },
  healed: (lab) => buyersAreServed(lab),
};
