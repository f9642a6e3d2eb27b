import { expect, test } from 'vitest';
import { isConcerned } from '../../../controller/session/verifying/concerned.ts';
import { BundleBuilder } from '../../helpers/bundle-builder.ts';

/** A front calls a shop, the shop a mailer; a back office calls the mailer too. */
function world(): BundleBuilder {
  return new BundleBuilder()
    .service('front')
    .self('front', 'run', 'compute')
    .calls('front', 'shop')
    .service('shop')
    .self('shop', 'run', 'compute')
    .calls('shop', 'mailer')
    .service('mailer')
    .self('mailer', 'run', 'compute')
    .service('office')
    .self('office', 'run', 'compute')
    .edge('front', 'shop', 'Calls')
    .edge('shop', 'mailer', 'Calls')
    .edge('office', 'mailer', 'Calls')
    .finding('front/run', 'compute.Slow', 'Warning')
    .finding('shop/run', 'compute.Crashing', 'Critical')
    .finding('mailer/run', 'compute.Slow', 'Warning')
    .finding('office/run', 'compute.Crashing', 'Critical');
}

test('what was ill before and has nothing to do with the symptom decides nothing', () => {
  const concerned = isConcerned(world().build('shop'));
  expect(['front/run', 'shop/run', 'shop/mailer', 'mailer/run', 'office/run'].filter(concerned)).toEqual([
    'front/run',
    'shop/run',
    'shop/mailer',
    'mailer/run',
  ]);
});

test('what was well decides wherever it stands', () => {
  const well = new BundleBuilder().service('shop').self('shop', 'run', 'compute').service('office');
  expect(isConcerned(well.self('office', 'run', 'compute').build('shop'))('office/run')).toBe(true);
});
