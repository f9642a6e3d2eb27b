import { badRelease } from './bad-release.ts';
import type { Fault } from './fault.ts';
import { buyersAreServed, releaseStuckPage } from './page.ts';

/** The bundle is made by a step that staging does not have. */
export const fault: Fault = {
  name: 'frontend-asset-missing',
  description: 'A release of the web page refers to a script that was not released with it',
  session: { service: 'frontend', symptom: 'The checkout page stays at its first line since the release' },
  expected: badRelease('frontend'),
  prepare: () => ({ needs: ['web'] }),
  inject: (lab) =>
    releaseStuckPage(lab, 'Serve the bundled script', {
      path: 'public/index.html',
      from: '/checkout.js',
      to: '/checkout.bundle.js',
    }),
  healed: (lab) => buyersAreServed(lab),
};
