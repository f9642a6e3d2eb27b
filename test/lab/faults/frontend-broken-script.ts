import { badRelease } from './bad-release.ts';
import type { Fault } from './fault.ts';
import { buyersAreServed, releaseStuckPage } from './page.ts';

/** The new function is called and was never written: a server cannot see that, a browser does. */
export const fault: Fault = {
  name: 'frontend-broken-script',
  description:
    'A release of the web page breaks its script: every request is answered with 200, and the button does nothing',
  session: {
    service: 'frontend',
    symptom: 'Buyers say that the pay button does nothing since the release; all dashboards are green',
  },
  expected: badRelease('frontend'),
  prepare: () => ({ needs: ['web'] }),
  inject: (lab) =>
    releaseStuckPage(lab, 'Tell the state of the page at one place', {
      path: 'public/checkout.js',
      from: "line.textContent = 'Ready to pay';",
      to: "tellState('Ready to pay');",
    }),
  healed: (lab) => buyersAreServed(lab),
};
