import { expect, test } from 'vitest';
import { isConcerned } from '../../../controller/session/verifying/concerned.ts';
import { BundleBuilder } from '../../helpers/bundle-builder.ts';

/** A front calls a shop, the shop a mailer and a cache; a back office calls the mailer too. All are ill. */
function world(): BundleBuilder {
  return new BundleBuilder()
    .service('front')
    .self('front', 'run', 'compute')
    .calls('front', 'shop')
    .service('shop')
    .self('shop', 'run', 'compute')
    .self('shop', 'git', 'source')
    .uses('shop', 'cache', 'store')
    .calls('shop', 'mailer')
    .service('mailer')
    .self('mailer', 'run', 'compute')
    .service('office')
    .self('office', 'run', 'compute')
    .edge('office', 'mailer', 'Calls')
    .finding('front/run', 'compute.Slow', 'Warning')
    .finding('front/shop', 'http.Failing', 'Critical')
    .finding('shop/run', 'compute.Crashing', 'Critical')
    .finding('shop/git', 'source.Pool', 'Warning')
    .finding('shop/cache', 'store.Evicting', 'Warning')
    .finding('shop/mailer', 'http.Failing', 'Critical')
    .finding('mailer/run', 'compute.Slow', 'Warning')
    .finding('office/run', 'compute.Crashing', 'Critical');
}

const bundle = world().build('shop');
const ill = bundle.nodes.filter(({ health }) => health !== 'Healthy').map(({ node }) => node);

test('of what was ill, what the fix is to heal decides: the parts of the services on the way, and what callers see of them', () => {
  const concerned = isConcerned(bundle, { chain: ['mailer/run', 'mailer', 'shop'], node: 'mailer/run' });
  expect(ill.filter(concerned)).toEqual(['front/shop', 'shop/run', 'shop/git', 'shop/mailer', 'mailer/run']);
});

test('a caller of the symptom that was ill before, and what else stands apart, decides nothing', () => {
  const concerned = isConcerned(bundle, { chain: ['shop/run', 'shop'], node: 'shop/run' });
  expect(ill.filter((node) => !concerned(node))).toEqual([
    'front/run',
    'shop/cache',
    'shop/mailer',
    'mailer/run',
    'office/run',
  ]);
});

test('what is acted on and what is foretold decides, on the way or not', () => {
  const predictions = [{ node: 'shop/cache', findingGone: 'store.Evicting', withinSeconds: 30 }];
  const concerned = isConcerned(bundle, { chain: ['shop'], predictions, node: 'office/run' });
  expect(['front/run', 'shop/cache', 'office/run'].filter(concerned)).toEqual(['shop/cache', 'office/run']);
});

test('what was well decides wherever it stands', () => {
  const well = new BundleBuilder().service('shop').self('shop', 'run', 'compute').service('office');
  const concerned = isConcerned(well.self('office', 'run', 'compute').build('shop'), { chain: [], node: 'shop/run' });
  expect(concerned('office/run')).toBe(true);
});
