import { expect, it } from 'vitest';
import type { EvidenceBundle } from '../../../controller/evidence/bundle.ts';
import { fittedBundle, roomForBundle } from '../../../controller/evidence/fit-bundle.ts';
import { BundleBuilder } from '../../helpers/bundle-builder.ts';
import { seeded } from '../../helpers/random.ts';

/** Figures that no compression takes away. */
function large(): EvidenceBundle {
  const next = seeded(1);
  const values = (): number[] => Array.from({ length: 300 }, () => next());
  return new BundleBuilder()
    .service('shop')
    .self('shop', 'well', 'metrics')
    .self('shop', 'ill', 'metrics')
    .series('shop/well', 'Latency', 'ms', values())
    .series('shop/ill', 'Latency', 'ms', values())
    .change('shop/well', 'Deploy', 60)
    .finding('shop/ill', 'metrics.High', 'Critical', 60)
    .build('shop');
}

const of = ({ nodes }: EvidenceBundle, id: string) => nodes.find(({ node }) => node === id);

it('a bundle that fits stays as it is', async () => {
  const bundle = large();
  expect((await fittedBundle(bundle, roomForBundle(0))).bundle).toBe(bundle);
});

it('what is well gives way before what is ill, and it is said', async () => {
  const { bundle: fitted, bytes } = await fittedBundle(large(), 5_000);
  expect(bytes).toBeLessThanOrEqual(5_000);
  expect(of(fitted, 'shop/well')?.series).toEqual([]);
  expect(of(fitted, 'shop/ill')?.series).toHaveLength(1);
  expect(fitted.leftOut).toEqual([{ node: 'shop/well', what: 'metric series', reason: 'there is no room for it' }]);
});

it('findings never give way', async () => {
  const { bundle: fitted } = await fittedBundle(large(), 1);
  expect(of(fitted, 'shop/ill')).toMatchObject({ series: [], findings: [{ kind: 'metrics.High' }] });
  expect(fitted.leftOut.map(({ node, what }) => `${node}: ${what}`)).toEqual([
    'shop/well: metric series',
    'shop/ill: metric series',
    'shop/well: changes',
  ]);
});

it('a session keeps 1 MiB at first and never more than 4 MiB, however often it looks', () => {
  const mebibyte = 2 ** 20;
  expect(roomForBundle(0)).toBe(mebibyte);
  let kept = 0;
  for (let look = 0; look < 100; look += 1) {
    const room = roomForBundle(kept);
    expect(room).toBeLessThanOrEqual(mebibyte);
    kept += room;
  }
  expect(kept).toBeGreaterThan(3.9 * mebibyte);
  expect(kept).toBeLessThanOrEqual(4 * mebibyte);
  expect(roomForBundle(5 * mebibyte)).toBe(0);
});
