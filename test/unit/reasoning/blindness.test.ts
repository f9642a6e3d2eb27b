import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../controller/reasoning/reasoner.ts';
import type { BundleBuilder } from '../../helpers/bundle-builder.ts';
import { diagnose } from './stub-skills.ts';
import { badRelease, shop } from './systems.ts';

/** The shop's errors may come from its narrow pool, and from whatever it uses; the front has them from the shop. */
function errors(): BundleBuilder {
  return shop()
    .finding('shop/git', 'source.Narrow', 'Info')
    .finding('shop/logs', 'logs.Errors', 'Critical', 200)
    .finding('front/http', 'logs.Errors', 'Critical', 190);
}

function sureness({ rootCause }: Diagnosis): number {
  return rootCause?.confidence ?? 0;
}

describe('what could not be looked at', () => {
  it.each(['shop/db', 'shop/cache'])(
    'makes what %s would explain as well far less sure, and keeps from acting',
    async (store) => {
      const seen = await diagnose(errors().build('front'));
      const blind = await diagnose(errors().unknown(store).build('front'));
      expect(seen).toMatchObject({ rootCause: { kind: 'source.PoolTooNarrow' }, fix: { action: 'source.set-pool' } });
      expect(blind.rootCause?.kind).toBe('source.PoolTooNarrow');
      expect(sureness(blind)).toBeLessThan(0.6 * sureness(seen));
      expect(blind.fix).toBeUndefined();
      expect(blind.gaps[0]).toContain(`${store}: looked at, it might explain what shop/git shows`);
    },
  );

  it('makes an unknown cause far less sure too', async () => {
    const world = () =>
      shop().finding('shop/logs', 'logs.Odd', 'Critical', 200).finding('front/http', 'logs.Odd', 'Critical', 190);
    const seen = await diagnose(world().build('front'));
    const blind = await diagnose(world().unknown('shop/db').build('front'));
    expect(sureness(blind)).toBeLessThan(0.6 * sureness(seen));
  });

  it('takes little from a cause that shows what its victims do not, and nothing from its fix', async () => {
    const seen = await diagnose(badRelease().build('front'));
    const blind = await diagnose(badRelease().unknown('shop/db').build('front'));
    expect(blind.fix).toEqual(seen.fix);
    expect(sureness(blind)).toBeGreaterThan(0.8 * sureness(seen));
    expect(sureness(blind)).toBeLessThan(sureness(seen));
  });

  it('does not keep from acting where the cause was changed just before', async () => {
    const { rootCause, fix } = await diagnose(
      errors().change('shop/run', 'Deploy', 210).unknown('shop/db').build('front'),
    );
    expect(rootCause?.kind).toBe('source.PoolTooNarrow');
    expect(fix?.action).toBe('source.set-pool');
  });

  it('does not keep from acting where the cause does not use it', async () => {
    const { fix } = await diagnose(errors().unknown('front/run').build('front'));
    expect(fix?.action).toBe('source.set-pool');
  });
});

describe('silence', () => {
  const silence = () =>
    shop()
      .finding('front/shop', 'http.Unreachable', 'Critical', 60, { silent: true })
      .finding('front/http', 'http.Failing', 'Critical', 50);
  const few = ['worker/run', 'shop/cache'];
  const many = [...few, 'worker/logs', 'worker/git', 'shop/run', 'shop/logs'];
  const without = (nodes: readonly string[]) => nodes.reduce((world, node) => world.unknown(node), silence());

  it('is a finding where the rest answers', async () => {
    expect((await diagnose(without(few).build('front'))).rootCause?.kind).toBe('http.Unreachable');
  });

  it('is none where half of all nodes are silent at once: that speaks for the looker, and is told', async () => {
    const { rootCause, gaps } = await diagnose(without(many).build('front'));
    expect(rootCause?.kind).toBe('http.Failing');
    expect(gaps.join()).toContain('the fault of the looker');
  });

  it('takes nothing from what was seen then', async () => {
    const world = without(many).finding('shop/db', 'store.Blocked', 'Critical', 300, { pid: 42 });
    expect((await diagnose(world.build('front'))).rootCause?.node).toBe('shop/db');
  });
});
