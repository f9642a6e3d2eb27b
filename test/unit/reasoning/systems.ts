import { BundleBuilder } from '../../helpers/bundle-builder.ts';

/** A front that calls a shop; the shop has a store and a queue, whose worker uses the shop's store. All well. */
export function shop(): BundleBuilder {
  return new BundleBuilder()
    .service('front')
    .self('front', 'http', 'http')
    .self('front', 'run', 'compute')
    .calls('front', 'shop')
    .service('shop')
    .self('shop', 'run', 'compute')
    .self('shop', 'logs', 'logs')
    .self('shop', 'git', 'source')
    .uses('shop', 'db', 'store')
    .uses('shop', 'cache', 'store')
    .uses('shop', 'jobs', 'queue', 'Feeds')
    .service('worker')
    .self('worker', 'run', 'compute')
    .self('worker', 'logs', 'logs')
    .self('worker', 'git', 'source')
    .edge('shop/jobs', 'worker', 'ConsumedBy')
    .edge('worker', 'shop/db', 'StoresIn');
}

/** The store blocks the worker, the queue grows, the shop and the front fail. */
export function threeHops(): BundleBuilder {
  return shop()
    .finding('shop/db', 'store.Blocked', 'Critical', 300, { pid: 42 })
    .finding('worker/logs', 'logs.Errors', 'Warning', 280)
    .finding('shop/jobs', 'queue.Backlog', 'Critical', 240)
    .finding('shop/logs', 'logs.Errors', 'Critical', 200)
    .finding('front/shop', 'http.Failing', 'Critical', 190)
    .finding('front/http', 'http.Failing', 'Critical', 180);
}

/** The shop runs out of memory right after a release of its own. */
export function badRelease(): BundleBuilder {
  return shop()
    .change('shop/git', 'Commit', 400, { commit: 'c0ffee' })
    .change('shop/run', 'Deploy', 330)
    .finding('shop/run', 'compute.OutOfMemory', 'Critical', 300)
    .finding('shop/logs', 'logs.Errors', 'Warning', 290)
    .finding('front/http', 'http.Failing', 'Critical', 280);
}
