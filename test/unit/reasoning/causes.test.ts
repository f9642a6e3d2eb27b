import { describe, expect, it } from 'vitest';
import { BundleBuilder } from '../../helpers/bundle-builder.ts';
import { diagnose } from './stub-skills.ts';
import { badRelease, shop, threeHops } from './systems.ts';

interface Case {
  readonly name: string;
  readonly world: BundleBuilder;
  readonly symptom: string;
  readonly cause: readonly [node: string, kind: string];
  readonly chain?: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'a service out of memory right after its own deploy',
    world: badRelease(),
    symptom: 'shop',
    cause: ['shop/run', 'compute.MemoryTooLow'],
    chain: ['shop/run', 'shop'],
  },
  {
    name: 'the same, seen from its caller',
    world: badRelease(),
    symptom: 'front',
    cause: ['shop/run', 'compute.MemoryTooLow'],
    chain: ['shop/run', 'shop', 'front'],
  },
  {
    name: 'three hops: the store blocks the worker',
    world: threeHops(),
    symptom: 'front',
    cause: ['shop/db', 'store.AbandonedTransaction'],
    chain: ['shop/db', 'shop', 'front'],
  },
  {
    name: 'who exhausts a shared store, although nothing of its own is ill',
    world: shop()
      .finding('worker/git', 'source.Pool', 'Info', 300)
      .finding('shop/db', 'store.Exhausted', 'Critical', 200)
      .finding('shop/logs', 'logs.Errors', 'Critical', 190)
      .finding('front/http', 'http.Failing', 'Critical', 180),
    symptom: 'front',
    cause: ['worker/git', 'source.PoolUnfit'],
  },
  {
    name: 'three hops, where the worker shows nothing at all',
    world: shop()
      .finding('shop/db', 'store.Blocked', 'Critical', 300, { pid: 42 })
      .finding('shop/jobs', 'queue.Backlog', 'Critical', 240)
      .finding('front/http', 'http.Failing', 'Critical', 180),
    symptom: 'front',
    cause: ['shop/db', 'store.AbandonedTransaction'],
  },
  {
    name: 'the same, where the store says that it is the worker that it blocks',
    world: shop()
      .finding('shop/db', 'store.Blocked', 'Critical', 300, { pid: 42, harms: ['worker-pool-1'] })
      .finding('shop/jobs', 'queue.Backlog', 'Warning', 240)
      .finding('shop/logs', 'logs.Errors', 'Critical', 200)
      .finding('front/http', 'http.Failing', 'Critical', 180),
    symptom: 'front',
    cause: ['shop/db', 'store.AbandonedTransaction'],
    chain: ['shop/db', 'worker', 'shop/jobs', 'shop', 'front'],
  },
  {
    name: 'the same, where the store says that it blocks the shop itself',
    world: shop()
      .finding('shop/db', 'store.Blocked', 'Critical', 300, { pid: 42, harms: ['shop'] })
      .finding('shop/jobs', 'queue.Backlog', 'Warning', 240)
      .finding('shop/logs', 'logs.Errors', 'Critical', 200)
      .finding('front/http', 'http.Failing', 'Critical', 180),
    symptom: 'front',
    cause: ['shop/db', 'store.AbandonedTransaction'],
    chain: ['shop/db', 'shop', 'front'],
  },
  {
    name: 'a store that blocks somebody whom no map knows',
    world: shop()
      .finding('shop/db', 'store.Blocked', 'Critical', 300, { pid: 42, harms: ['psql'] })
      .finding('shop/logs', 'logs.Errors', 'Critical', 200)
      .finding('front/http', 'http.Failing', 'Critical', 180),
    symptom: 'front',
    cause: ['shop/db', 'store.AbandonedTransaction'],
    chain: ['shop/db', 'shop', 'front'],
  },
  {
    name: 'a worker that crashes because its store blocks it, with weak remedies of its own',
    world: threeHops().finding('worker/run', 'compute.Crashing', 'Critical', 270),
    symptom: 'front',
    cause: ['shop/db', 'store.AbandonedTransaction'],
  },
  {
    name: 'a dead worker starves its producer',
    world: shop()
      .finding('worker/run', 'compute.Crashing', 'Critical', 300)
      .change('worker/run', 'Configuration', 320)
      .finding('shop/jobs', 'queue.Backlog', 'Critical', 240)
      .finding('shop/logs', 'logs.Errors', 'Critical', 200)
      .finding('front/http', 'http.Failing', 'Critical', 180),
    symptom: 'front',
    cause: ['worker/run', 'compute.Wedged'],
    chain: ['worker/run', 'worker', 'shop/jobs', 'shop', 'front'],
  },
  {
    name: 'out of memory after a deploy beside a store that is only noisy',
    world: badRelease().finding('shop/cache', 'store.Evicting', 'Warning', 310),
    symptom: 'front',
    cause: ['shop/run', 'compute.MemoryTooLow'],
  },
  {
    name: 'an equally severe finding in a resource that is used and unrelated',
    world: badRelease().finding('shop/cache', 'store.Evicting', 'Critical', 3000),
    symptom: 'front',
    cause: ['shop/run', 'compute.MemoryTooLow'],
  },
  {
    name: 'the same at the same time',
    world: badRelease().finding('shop/cache', 'store.Evicting', 'Critical', 310),
    symptom: 'front',
    cause: ['shop/run', 'compute.MemoryTooLow'],
  },
  {
    name: 'even where a remedy would know what to do about it',
    world: badRelease().finding('shop/cache', 'store.Blocked', 'Critical', 310, { pid: 1 }),
    symptom: 'front',
    cause: ['shop/run', 'compute.MemoryTooLow'],
  },
  {
    name: 'an equally severe finding with a remedy in a resource that the symptom does not depend on',
    world: badRelease()
      .service('stranger')
      .uses('stranger', 'db', 'store')
      .finding('stranger/db', 'store.Blocked', 'Critical', 305, { pid: 1 }),
    symptom: 'front',
    cause: ['shop/run', 'compute.MemoryTooLow'],
  },
  {
    name: 'a victim below in the map is no cause: the worker began long after',
    world: badRelease().finding('worker/run', 'compute.Crashing', 'Critical', 20),
    symptom: 'shop',
    cause: ['shop/run', 'compute.MemoryTooLow'],
  },
  {
    name: 'a service that nobody can see but its caller',
    world: new BundleBuilder()
      .service('front')
      .self('front', 'http', 'http')
      .calls('front', 'hidden')
      .service('hidden')
      .finding('front/hidden', 'http.Failing', 'Critical', 100)
      .finding('front/http', 'http.Failing', 'Critical', 90),
    symptom: 'front',
    cause: ['front/hidden', 'http.Failing'],
  },
  {
    name: 'a service whose callers see what it does not: itself, not the view',
    world: shop()
      .finding('front/shop', 'http.Failing', 'Critical', 100)
      .finding('front/http', 'http.Failing', 'Critical', 90),
    symptom: 'front',
    cause: ['shop', 'http.Failing'],
  },
  {
    name: 'Info is context only',
    world: badRelease().finding('shop/db', 'store.Blocked', 'Info', 350, { pid: 1 }),
    symptom: 'front',
    cause: ['shop/run', 'compute.MemoryTooLow'],
  },
  {
    name: 'a release that overloads the store it uses',
    world: shop()
      .change('shop/run', 'Deploy', 310)
      .finding('shop/logs', 'logs.Errors', 'Critical', 300)
      .finding('shop/run', 'compute.Stuck', 'Critical', 300)
      .finding('shop/db', 'store.Busy', 'Warning', 290),
    symptom: 'shop',
    cause: ['shop/run', 'compute.Wedged'],
  },
  {
    name: 'a store that its user exhausts: the user whose settings a remedy knows',
    world: shop()
      .finding('shop/db', 'store.Exhausted', 'Critical', 200)
      .finding('shop/git', 'source.Pool', 'Info')
      .finding('shop/logs', 'logs.Errors', 'Critical', 190),
    symptom: 'shop',
    cause: ['shop/git', 'source.PoolUnfit'],
    chain: ['shop/git', 'shop'],
  },
  {
    name: 'a store that is exhausted, by the only name that a remedy has for it',
    world: shop()
      .finding('shop/db', 'store.Exhausted', 'Critical', 200)
      .finding('shop/logs', 'logs.Errors', 'Critical', 190),
    symptom: 'shop',
    cause: ['shop/db', 'store.ConnectionsExhausted'],
  },
  {
    name: 'a cause that is dated by the look itself did not begin after its effect',
    world: shop()
      .finding('shop/db', 'store.Down', 'Critical', -1)
      .finding('shop/logs', 'logs.Errors', 'Critical', 900)
      .finding('front/http', 'http.Failing', 'Critical', 800),
    symptom: 'front',
    cause: ['shop/db', 'store.Down'],
  },
];

describe('the cause', () => {
  it.each(cases)('$name', async ({ world, symptom, cause, chain }) => {
    const diagnosis = await diagnose(world.build(symptom));
    expect(diagnosis.verdict).toBe('Cause');
    expect([diagnosis.rootCause?.node, diagnosis.rootCause?.kind]).toEqual(cause);
    expect(diagnosis.chain.at(-1)).toBe(symptom);
    expect(diagnosis.chain).toEqual(chain ?? diagnosis.chain);
  });

  it('is surer where nothing competes and all was seen', async () => {
    const sure = await diagnose(threeHops().build('front'));
    const blind = await diagnose(threeHops().unknown('worker/run').unknown('shop/cache').build('front'));
    expect(sure.rootCause?.confidence).toBeGreaterThan(0.7);
    expect(blind.rootCause).toMatchObject({ node: 'shop/db' });
    expect(blind.rootCause?.confidence).toBeLessThan(sure.rootCause?.confidence ?? 0);
    expect(blind.gaps.join()).toContain('worker/run');
  });

  it('is told with claims that cite the cause, the harm and what is unrelated', async () => {
    const world = threeHops()
      .service('stranger')
      .uses('stranger', 'db', 'store')
      .finding('stranger/db', 'store.Blocked', 'Critical', 305, { pid: 1 });
    const { claims } = await diagnose(world.build('front'));
    expect(claims[0]?.findings).toEqual(['shop/db:store.Blocked:0']);
    expect(claims.flatMap(({ findings }) => findings)).toContain('front/http:http.Failing:0');
    const unrelated = claims.find(({ findings }) => findings.includes('stranger/db:store.Blocked:0'));
    expect(unrelated?.text).toContain('does not depend on it');
  });

  it('explains what ails a worker by what its producer puts into the queue', async () => {
    const world = shop()
      .change('shop/git', 'Commit', 400, { commit: 'c0ffee' })
      .change('shop/run', 'Deploy', 330)
      .finding('shop/jobs', 'queue.Poisoned', 'Warning', 300)
      .finding('worker/logs', 'logs.Errors', 'Critical', 290);
    const { rootCause, claims } = await diagnose(world.build('shop'));
    expect(rootCause).toMatchObject({ node: 'shop/git', kind: 'source.Regression' });
    const worker = claims.find(({ findings }) => findings.includes('worker/logs:logs.Errors:0'));
    expect(worker?.text).toContain('explained by shop/jobs');
  });

  it('finds a producer that poisons the queue from what its consumer shows', async () => {
    const world = shop()
      .change('shop/git', 'Commit', 400, { commit: 'c0ffee' })
      .finding('shop/jobs', 'queue.Poisoned', 'Critical', 300)
      .finding('worker/logs', 'logs.Errors', 'Critical', 290);
    const { rootCause, chain } = await diagnose(world.build('worker'));
    expect(rootCause).toMatchObject({ node: 'shop/git', kind: 'source.Regression' });
    expect(chain).toEqual(['shop/git', 'shop', 'shop/jobs', 'worker']);
  });

  it('does not blame a producer for what only its consumer shows', async () => {
    const world = shop()
      .change('shop/git', 'Commit', 400, { commit: 'c0ffee' })
      .finding('shop/jobs', 'queue.Backlog', 'Critical', 280)
      .finding('worker/run', 'compute.Crashing', 'Critical', 290);
    expect((await diagnose(world.build('worker'))).rootCause?.node).toBe('worker/run');
  });

  it('foretells that the decisive findings and the symptom go', async () => {
    const { predictions } = await diagnose(threeHops().build('front'));
    expect(predictions).toEqual([
      { node: 'shop/db', findingGone: 'store.Blocked', withinSeconds: 30 },
      { node: 'front/http', findingGone: 'http.Failing', withinSeconds: 50 },
    ]);
  });
  it('does not foretell that a kind goes that was there before the change, as far as that is known', async () => {
    const foretold = async (seconds: number) => {
      const world = badRelease()
        .finding('front/http', 'http.Failing', 'Critical', seconds)
        .finding('front/run', 'compute.Odd', 'Critical', 170);
      const { predictions } = await diagnose(world.build('front'));
      return predictions.map(({ node, findingGone }) => `${node} ${findingGone}`);
    };
    const [cause, symptom, other] = [
      'shop/run compute.OutOfMemory',
      'front/http http.Failing',
      'front/run compute.Odd',
    ];
    expect(await foretold(3000)).toEqual([cause, other]);
    // To the millisecond it was measured, to the second it was counted in some minutes.
    expect(await foretold(350.4)).toEqual([cause, other]);
    expect(await foretold(350)).toEqual([cause, symptom]);
  });
});
