import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../controller/evidence/canonical.ts';
import type { Memory, Precedent } from '../../../controller/reasoning/reasoner.ts';
import { past, resize, revert } from './recall/pasts.ts';
import { diagnose, untried } from './stub-skills.ts';
import { badRelease, shop, threeHops } from './systems.ts';

function precedent(kind: string, worked: readonly string[], failed: readonly string[], likeness = 1): Precedent {
  const { session, endedAt, symptom } = past('earlier');
  return { session, endedAt, symptom, rootCause: { node: 'shop/run', kind }, worked, failed, likeness };
}

function knowing(...precedents: readonly Precedent[]): Memory {
  return { ...untried, precedents };
}

const regression = 'source.Regression';
const tooLow = 'compute.MemoryTooLow';

describe('what was learnt before', () => {
  it('says why a fix is chosen that helped, and nothing else changes by it', async () => {
    const bundle = badRelease().build('front');
    const [without, with_] = [await diagnose(bundle), await diagnose(bundle, knowing(precedent(tooLow, [resize], [])))];
    expect(with_.fix?.rationale).toBe('compute.resize would help (it helped in default/earlier)');
    expect({ ...with_, fix: undefined }).toEqual({ ...without, fix: undefined });
  });

  it('decides between fixes of near promise: the one that failed before comes second', async () => {
    const bundle = badRelease().build('front');
    expect((await diagnose(bundle)).fix?.signature).toBe(resize);
    const told = await diagnose(bundle, knowing(precedent(tooLow, [], [resize])));
    expect(told.fix?.signature).toBe(revert);
    expect(told.rootCause?.kind).toBe(regression);
  });

  it('counts for the kind of cause that it was learnt of alone, and less the less alike it was', async () => {
    const bundle = badRelease().build('front');
    for (const other of [precedent(regression, [], [resize]), precedent(tooLow, [], [resize], 0.1)]) {
      expect((await diagnose(bundle, knowing(other))).fix?.signature).toBe(resize);
    }
  });

  it('is bounded, however often it was so', async () => {
    const world = shop()
      .change('shop/git', 'Commit', 400, { commit: 'old' })
      .change('shop/git', 'Commit', 300, { commit: 'c0ffee' })
      .finding('shop/run', 'compute.OutOfMemory', 'Critical', 280);
    const older = 'source.revert identity of shop/git "old"';
    const often = Array.from({ length: 20 }, () => precedent(regression, [older], []));
    // 0.6 / 2 is not as good as 0.75, nor as 0.6, whatever helped before.
    expect((await diagnose(world.build('shop'), knowing(...often))).fix?.signature).toBe(resize);
  });

  it('never changes whom the evidence blames', async () => {
    const bundle = threeHops().build('front');
    const blamesShop = Array.from({ length: 5 }, () => precedent(tooLow, [resize], []));
    const acquits = {
      ...precedent('store.AbandonedTransaction', [], ['store.end-blocker identity of shop/db forwards']),
    };
    const told = await diagnose(bundle, knowing(...blamesShop, acquits));
    expect(told.rootCause).toEqual((await diagnose(bundle)).rootCause);
    expect(told.fix?.action).toBe('store.end-blocker');
  });

  it('is nothing where there is none', async () => {
    const bundle = badRelease().build('front');
    expect(canonicalJson(await diagnose(bundle, knowing()))).toBe(canonicalJson(await diagnose(bundle)));
  });
});
