import { badRelease } from './bad-release.ts';
import type { Fault } from './fault.ts';
import { buyersAreServed, releaseStuckPage } from './page.ts';

/** The page was ready for a version of the API that is not. */
export const fault: Fault = {
  name: 'frontend-wrong-api-path',
  description: 'A release of the web page asks the API under a path that is not there',
  session: { service: 'frontend', symptom: 'Nobody can check out on the web page since the release' },
  expected: badRelease('frontend'),
  prepare: () => ({ needs: ['web'] }),
  inject: (lab) =>
    releaseStuckPage(lab, 'Ask the second version of the API', {
      path: 'public/checkout.js',
      from: '`/api${path}`',
      to: '`/api/v2${path}`',
    }),
  healed: (lab) => buyersAreServed(lab),
};
