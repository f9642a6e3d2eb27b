import { replacedIn } from './edited.ts';
import type { Fault } from './fault.ts';
import { buyersAreServed, pageIsStuck } from './page.ts';

const path = 'public/checkout.js';

/** The new function is called and was never written: a server cannot see that, a browser does. */
export const fault: Fault = {
  name: 'frontend-broken-script',
  description:
    'A release of the web page breaks its script: every request is answered with 200, and the button does nothing',
  session: {
    service: 'frontend',
    symptom: 'Buyers say that the pay button does nothing since the release; all dashboards are green',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.frontend}/${names.nodes.code}`, kind: 'github.CodeRegression' }],
    fixes: ['github.revert-commit'],
    iterations: 1,
  },
  prepare: () => ({ needs: ['web'] }),
  async inject(lab) {
    const text = replacedIn(
      path,
      await lab.readFile('frontend', path),
      "line.textContent = 'Ready to pay';",
      "tellState('Ready to pay');",
    );
    const { conclusion } = await lab.commit('frontend', {
      message: 'Tell the state of the page at one place',
      files: { [path]: text },
    });
    if (conclusion !== 'success') throw new Error(`the release ended with ${conclusion}`);
    await lab.awaitRollout('frontend');
    await lab.until('the page to be stuck', () => pageIsStuck(lab), 60_000);
  },
  healed: (lab) => buyersAreServed(lab),
};
