import { describe, expect, test } from 'vitest';
import { MAX_HOPS } from '../../../controller/topology/references.ts';
import { Neighbourhoods, takenIn, withinReach } from '../../../controller/topology/neighbourhood.ts';
import { keyOf } from '../../../controller/topology/resolved.ts';
import { mapNamed, sourceOf, storeOf } from '../../helpers/maps.ts';

describe('the maps around a map', () => {
  test('are found by references both ways, and end after five hops', () => {
    const chain = Array.from({ length: 8 }, (_, i) => mapNamed(`s${i}`, { refersTo: [`s${i + 1}`] }));
    const source = sourceOf(storeOf(chain));
    const [first, , , fourth] = chain;
    if (first === undefined || fourth === undefined) throw new Error('no chain');
    const names = (keys: ReadonlySet<string>) => [...keys].toSorted();
    const within = Array.from({ length: MAX_HOPS + 1 }, (_, i) => `a/s${i}`);
    expect(names(withinReach(first, source))).toEqual(within);
    expect(names(takenIn(first, source))).toEqual(within);
    expect(names(withinReach(fourth, source))).toEqual(chain.map(keyOf));
  });

  test('are within reach whether they are shared or not, and taken in only where they are', () => {
    const shop = mapNamed('shop', { refersTo: ['b/open', 'b/shut'] });
    const open = mapNamed('open', { namespace: 'b', sharedWith: [{ namespace: 'a', access: 'Findings' }] });
    const shut = mapNamed('shut', { namespace: 'b' });
    const source = sourceOf(storeOf([shop, open, shut]));
    expect(takenIn(shop, source)).toEqual(new Set(['a/shop', 'b/open']));
    expect(withinReach(shop, source)).toEqual(new Set(['a/shop', 'b/open', 'b/shut']));
    expect(withinReach(shut, source)).toEqual(new Set(['b/shut', 'a/shop', 'b/open']));
    expect(takenIn(shut, source)).toEqual(new Set(['b/shut']));
  });

  test('are kept until they are forgotten', () => {
    const store = storeOf([mapNamed('shop')]);
    const kept = new Neighbourhoods(sourceOf(store));
    expect(kept.takenIn('a/shop')).toEqual(new Set(['a/shop']));
    store.put(mapNamed('pay', { refersTo: ['shop'] }));
    expect(kept.takenIn('a/shop')).toEqual(new Set(['a/shop']));
    kept.forget();
    expect(kept.takenIn('a/shop')).toEqual(new Set(['a/shop', 'a/pay']));
    expect(kept.withinReach('a/gone')).toEqual(new Set(['a/gone']));
  });
});
