import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../controller/evidence/canonical.ts';
import type { BundleBuilder } from '../../helpers/bundle-builder.ts';
import { disordered } from '../../helpers/disordered.ts';
import { seeded } from '../../helpers/random.ts';
import { rename } from '../../helpers/renaming.ts';
import { diagnose } from './stub-skills.ts';
import { badRelease, shop, threeHops } from './systems.ts';

const worlds: readonly (readonly [string, () => BundleBuilder])[] = [
  ['three hops', threeHops],
  ['a bad release', badRelease],
  [
    'a bad release with an unrelated finding',
    () => badRelease().finding('shop/cache', 'store.Evicting', 'Critical', 3000),
  ],
  ['unknown nodes', () => threeHops().unknown('worker/run').unknown('shop/cache')],
  ['nothing wrong', shop],
];

/** Other names in another order of the alphabet. */
const names = {
  front: 'zinc',
  shop: 'mercury',
  worker: 'argon',
  db: 'tin',
  cache: 'lead',
  jobs: 'gold',
  run: 'iron',
  logs: 'barium',
  git: 'cobalt',
};

const renamed = <T>(value: T): T => rename(value, new Map(Object.entries(names)));

describe.each(worlds)('the diagnosis of %s', (_, world) => {
  it('is the same to the byte when it is made again, and whatever the order of the evidence', async () => {
    const bundle = world().build('front');
    const first = canonicalJson(await diagnose(bundle));
    expect(canonicalJson(await diagnose(bundle))).toBe(first);
    for (let seed = 1; seed <= 10; seed += 1) {
      const { bundleDigest: _digest, ...again } = await diagnose(disordered(bundle, seeded(seed)));
      expect(JSON.parse(first)).toMatchObject(again);
    }
  });

  it('is the same under other names', async () => {
    const bundle = world().build('front');
    const expected = renamed(await diagnose(bundle));
    const found = await diagnose(renamed(bundle));
    const essence = ({ verdict, rootCause, chain, fix, predictions, alternatives }: typeof found) => ({
      verdict,
      rootCause,
      chain,
      fix,
      predictions,
      alternatives,
    });
    expect(essence(found)).toEqual(essence(expected));
  });
});
