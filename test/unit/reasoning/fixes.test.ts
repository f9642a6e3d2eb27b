import { describe, expect, it } from 'vitest';
import type { Limits, Memory } from '../../../controller/reasoning/reasoner.ts';
import { anything, diagnose, untried } from './stub-skills.ts';
import { badRelease, shop, threeHops } from './systems.ts';

function failed(...signatures: readonly string[]): Memory {
  return { ...untried, failed: signatures };
}

function not(...actions: readonly string[]): Limits {
  return { allowed: (action) => !actions.includes(action) };
}

const resize = 'compute.resize identity of shop/run forwards';
const revert = 'source.revert identity of shop/git "c0ffee"';

describe('the fix', () => {
  it('is the best one of the cause, with its signature', async () => {
    const { fix } = await diagnose(badRelease().build('front'));
    expect(fix).toMatchObject({
      action: 'compute.resize',
      class: 'Infra',
      node: 'shop/run',
      parameters: { memory: 2 },
      signature: resize,
    });
  });

  it('is that of the rival hypothesis once the first one failed: a leak disguised as a low limit', async () => {
    const diagnosis = await diagnose(badRelease().build('front', 2), failed(resize));
    expect(diagnosis.fix).toMatchObject({
      action: 'source.revert',
      class: 'Code',
      node: 'shop/git',
      signature: revert,
    });
    expect(diagnosis.rootCause).toMatchObject({ node: 'shop/git', kind: 'source.Regression' });
    expect(diagnosis.predictions[0]).toMatchObject({ node: 'shop/run', findingGone: 'compute.OutOfMemory' });
  });

  it('is refuted by the history too where the remedy proposes nothing of that signature any more', async () => {
    const signature = 'compute.resize identity of shop/run somehow else';
    const rootCause = 'shop/run compute.MemoryTooLow';
    const memory = { ...failed(signature), history: [{ iteration: 1, rootCause, signature, result: 'fail' }] };
    const { rootCause: cause } = await diagnose(badRelease().build('front', 2), memory);
    expect(cause?.kind).toBe('source.Regression');
  });

  it('is not what is live already', async () => {
    const { fix } = await diagnose(badRelease().build('front', 2), { ...untried, kept: [resize] });
    expect(fix?.action).toBe('source.revert');
  });

  it('is absent where nothing allowed is left, and the cause is named all the same', async () => {
    const diagnosis = await diagnose(threeHops().build('front'), untried, not('store.end-blocker'));
    expect(diagnosis.rootCause).toMatchObject({ node: 'shop/db', kind: 'store.AbandonedTransaction' });
    expect(diagnosis.fix).toBeUndefined();
  });

  it('is never one of a victim because the cause may not be touched', async () => {
    const world = threeHops().finding('worker/run', 'compute.Crashing', 'Critical', 270);
    const diagnosis = await diagnose(world.build('front'), untried, not('store.end-blocker'));
    expect(diagnosis.rootCause?.node).toBe('shop/db');
    expect(diagnosis.fix).toBeUndefined();
  });

  it('ends when all that was allowed has failed', async () => {
    const diagnosis = await diagnose(badRelease().build('front', 3), failed(resize, revert));
    expect(diagnosis.verdict).toBe('Cause');
    expect(diagnosis.rootCause?.node).toMatch(/^shop\//);
    expect(diagnosis.fix).toBeUndefined();
  });

  it('moves to another suspect when the likeliest cause is refuted', async () => {
    const blocker = 'store.end-blocker identity of shop/db forwards';
    const world = shop()
      .finding('shop/db', 'store.Blocked', 'Critical', 300, { pid: 42 })
      .finding('shop/run', 'compute.OutOfMemory', 'Critical', 290)
      .finding('front/http', 'http.Failing', 'Critical', 280);
    const first = await diagnose(world.build('front'));
    const second = await diagnose(world.build('front', 2), failed(blocker));
    expect(first.fix?.action).toBe('store.end-blocker');
    expect(second.fix?.action).toBe('compute.resize');
  });

  it('is allowed on the node it acts on, not on the one that shows the harm', async () => {
    const asked: string[] = [];
    const limits: Limits = {
      allowed(action, node) {
        asked.push(`${action} ${node}`);
        return action === 'source.revert';
      },
    };
    const { fix } = await diagnose(badRelease().build('front'), untried, limits);
    expect(fix?.node).toBe('shop/git');
    expect(asked).toContain('source.revert shop/git');
  });

  it('never has parameters that its action refuses; a remedy that breaks is a gap', async () => {
    const world = shop().uses('shop', 'thing', 'broken').finding('shop/thing', 'broken.Ill', 'Critical', 60);
    const diagnosis = await diagnose(world.build('shop'), untried, anything);
    expect(diagnosis.rootCause).toMatchObject({ node: 'shop/thing', kind: 'broken.Ill' });
    expect(diagnosis.fix).toBeUndefined();
    expect(diagnosis.gaps.filter((gap) => gap.includes('broken.')).length).toBe(2);
  });
});
