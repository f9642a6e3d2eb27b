import { describe, expect, it } from 'vitest';
import { BundleBuilder } from '../../helpers/bundle-builder.ts';
import { diagnose } from './stub-skills.ts';
import { shop } from './systems.ts';

describe('the verdict', () => {
  it('is NoFault where all was looked at and nothing is wrong', async () => {
    const diagnosis = await diagnose(shop().build('front'));
    expect(diagnosis).toMatchObject({ verdict: 'NoFault', chain: [], predictions: [], gaps: [] });
    expect(diagnosis.rootCause).toBeUndefined();
    expect(diagnosis.fix).toBeUndefined();
  });

  it('is NoFault where only something that the symptom does not depend on is ill, and says so', async () => {
    const world = shop().finding('front/http', 'http.Failing', 'Critical', 60);
    const diagnosis = await diagnose(world.build('worker'));
    expect(diagnosis.verdict).toBe('NoFault');
    expect(diagnosis.claims[0]?.findings).toEqual(['front/http:http.Failing:0']);
  });

  it('is NoFault where the service is well and something it uses is merely noisy', async () => {
    const diagnosis = await diagnose(shop().finding('shop/cache', 'store.Evicting', 'Warning', 60).build('shop'));
    expect(diagnosis.verdict).toBe('NoFault');
  });

  it('is a doubtful Cause where the service looks well and what it uses is broken', async () => {
    const world = shop().finding('shop/db', 'store.Blocked', 'Critical', 60, { pid: 1 });
    const diagnosis = await diagnose(world.build('shop'));
    expect(diagnosis).toMatchObject({ verdict: 'Cause', rootCause: { node: 'shop/db' } });
    expect(diagnosis.rootCause?.confidence).toBeLessThan(0.65);
  });

  it('is a vague Cause, and nothing is done, where all that the symptom shows at is well and a known cause is seen below', async () => {
    const world = shop().finding('shop/db', 'store.Blocked', 'Warning', 60, { pid: 1 });
    for (const symptom of ['shop', 'front']) {
      const diagnosis = await diagnose(world.build(symptom));
      expect(diagnosis.rootCause).toMatchObject({ node: 'shop/db', kind: 'store.AbandonedTransaction' });
      expect(diagnosis.rootCause?.confidence).toBeLessThan(0.35);
      expect(diagnosis.fix).toBeUndefined();
      expect(diagnosis.gaps[0]).toContain(symptom);
    }
  });

  it('is a vague Cause too where nothing can be done about what is known below', async () => {
    const world = shop().finding('shop/db', 'store.Exhausted', 'Warning', 300);
    const { verdict, rootCause, fix } = await diagnose(world.build('shop'));
    expect([verdict, rootCause?.kind, fix]).toEqual(['Cause', 'store.ConnectionsExhausted', undefined]);
  });

  it('is a vague Cause where something takes longer than usual: who waits for it need not notice', async () => {
    const slow = { value: 1600, threshold: 400, unit: 'ms' };
    const world = (how: typeof slow) => shop().finding('shop/cache', 'store.Slow', 'Warning', 60, how);
    const diagnosis = await diagnose(world(slow).build('front'));
    expect(diagnosis).toMatchObject({ verdict: 'Cause', rootCause: { node: 'shop/cache', kind: 'store.Slow' } });
    expect(diagnosis.rootCause?.confidence).toBeLessThan(0.35);
    expect((await diagnose(world({ ...slow, unit: '%' }).build('front'))).verdict).toBe('NoFault');
  });

  it.each(['shop/db', 'front/http', 'worker/git'])('is Inconclusive where %s is unknown', async (node) => {
    const diagnosis = await diagnose(shop().unknown(node).build('front'));
    expect(diagnosis.verdict).toBe('Inconclusive');
    expect(diagnosis.gaps[0]).toContain(node);
  });

  it('is not disturbed by an unknown node that the symptom does not depend on', async () => {
    expect((await diagnose(shop().unknown('front/http').build('worker'))).verdict).toBe('NoFault');
  });

  it('is Inconclusive where a node fell out of the graph or a service has none', async () => {
    const bare = new BundleBuilder().service('front');
    expect((await diagnose(shop().leftOut('shop/other').build('front'))).verdict).toBe('Inconclusive');
    expect((await diagnose(bare.build('front'))).verdict).toBe('Inconclusive');
  });

  it('is still NoFault with a gap in a part of a node that was seen, and tells the gap', async () => {
    const diagnosis = await diagnose(shop().gap('shop/db').build('front'));
    expect(diagnosis.verdict).toBe('NoFault');
    expect(diagnosis.gaps).toEqual(['shop/db: a part of it: one tool failed']);
  });

  it('is Cause through an unknown node, less surely than through one that was seen', async () => {
    const ill = shop()
      .finding('worker/run', 'compute.Crashing', 'Critical', 300)
      .finding('front/http', 'http.Failing', 'Critical', 200);
    const through = await diagnose(ill.unknown('shop/jobs').unknown('shop/run').unknown('shop/logs').build('front'));
    expect(through).toMatchObject({ verdict: 'Cause', rootCause: { node: 'worker/run' } });
    expect(through.chain).toContain('shop/jobs');
  });

  it('follows a cycle once: the worker calls back the service that feeds it', async () => {
    const world = shop()
      .calls('worker', 'shop')
      .finding('worker/run', 'compute.Crashing', 'Critical', 300)
      .finding('shop/jobs', 'queue.Backlog', 'Critical', 250)
      .finding('shop/logs', 'logs.Errors', 'Critical', 200);
    const diagnosis = await diagnose(world.build('shop'));
    expect(diagnosis.rootCause?.node).toBe('worker/run');
    expect(diagnosis.chain).toEqual(['worker/run', 'worker', 'shop/jobs', 'shop']);
  });

  it('takes a symptom on a part of a service for one of the service', async () => {
    const world = shop().finding('shop/run', 'compute.OutOfMemory', 'Critical', 60);
    const diagnosis = await diagnose(world.build('shop/logs'));
    expect(diagnosis.rootCause?.node).toBe('shop/run');
    expect(diagnosis.chain).toEqual(['shop/run', 'shop', 'shop/logs']);
  });
});
