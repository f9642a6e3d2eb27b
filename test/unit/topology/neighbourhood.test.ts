import { describe, expect, test } from 'vitest';
import type { ServiceTopology } from '../../../controller/api/kinds.ts';
import { MAX_HOPS } from '../../../controller/topology/references.ts';
import { Neighbourhoods, takenIn } from '../../../controller/topology/neighbourhood.ts';
import { keyOf } from '../../../controller/topology/resolved.ts';
import { surroundingsOf } from '../../../controller/topology/surroundings.ts';
import { seeded } from '../../helpers/random.ts';
import { mapNamed, sourceOf, storeOf } from '../../helpers/maps.ts';

const turn = () => Promise.resolve();
const sorted = (keys: Iterable<string>) => [...keys].toSorted();

/** Maps of three namespaces that refer to each other, and are shared, at random. */
function randomMaps(seed: number, size: number): readonly ServiceTopology[] {
  const random = seeded(seed);
  const namespaces = ['a', 'b', 'c'];
  const names = Array.from({ length: size }, (_, i) => ({ namespace: namespaces[i % 3] ?? 'a', name: `s${i}` }));
  return names.map(({ namespace, name }) => {
    const refersTo = names
      .filter(() => random() < 1.1 / size)
      .map((target) => `${target.namespace}/${target.name}`)
      .filter((target) => target !== `${namespace}/${name}`);
    const sharedWith = namespaces
      .filter((other) => other !== namespace && random() < 0.6)
      .map((other) => ({ namespace: other, access: 'Findings' as const }));
    return mapNamed(name, { namespace, refersTo, sharedWith });
  });
}

describe('the maps around a map', () => {
  test('are found by references both ways, and end after five hops', async () => {
    const chain = Array.from({ length: 8 }, (_, i) => mapNamed(`s${i}`, { refersTo: [`s${i + 1}`] }));
    const source = sourceOf(storeOf(chain));
    const [first] = chain;
    if (first === undefined) throw new Error('no chain');
    const within = Array.from({ length: MAX_HOPS + 1 }, (_, i) => `a/s${i}`);
    expect(sorted(takenIn(first, source))).toEqual(within);
    const around = new Neighbourhoods(source);
    expect(sorted(around.takersIn('a', 'a/s0'))).toEqual(within);
    const surroundings = await around.surroundings(new Set(['a/s0', 'a/s3']), turn);
    expect(sorted(surroundings.get('a/s0') ?? [])).toEqual(chain.map(keyOf));
    expect(surroundings.get('a/s3')).toBe(surroundings.get('a/s0'));
  });

  test('are within reach whether they are shared or not, and taken in only where they are', async () => {
    const shop = mapNamed('shop', { refersTo: ['b/open', 'b/shut'] });
    const open = mapNamed('open', { namespace: 'b', sharedWith: [{ namespace: 'a', access: 'Findings' }] });
    const shut = mapNamed('shut', { namespace: 'b' });
    const source = sourceOf(storeOf([shop, open, shut]));
    const around = new Neighbourhoods(source);
    expect(takenIn(shop, source)).toEqual(new Set(['a/shop', 'b/open']));
    expect(around.takersIn('a', 'b/open')).toEqual(new Set(['a/shop']));
    expect(around.takersIn('a', 'b/shut')).toEqual(new Set());
    expect(around.takersIn('b', 'b/shut')).toEqual(new Set(['b/shut']));
    const surroundings = await around.surroundings(new Set(['b/shut']), turn);
    expect(surroundings.get('b/shut')).toEqual(new Set(['b/shut', 'a/shop', 'b/open']));
  });

  test('are kept until they are forgotten', () => {
    const store = storeOf([mapNamed('shop')]);
    const kept = new Neighbourhoods(sourceOf(store));
    expect(kept.takersIn('a', 'a/shop')).toEqual(new Set(['a/shop']));
    store.put(mapNamed('pay', { refersTo: ['shop'] }));
    expect(kept.takersIn('a', 'a/shop')).toEqual(new Set(['a/shop']));
    kept.forget();
    expect(kept.takersIn('a', 'a/shop')).toEqual(new Set(['a/shop', 'a/pay']));
    expect(kept.takersIn('a', 'a/gone')).toEqual(new Set(['a/gone']));
  });

  test.each([1, 2, 3, 4, 5, 6])('that take one in are those whose graphs have it, at random %i', (seed) => {
    const maps = randomMaps(seed, 60);
    const source = sourceOf(storeOf(maps));
    const around = new Neighbourhoods(source);
    const graphs = maps.map((map) => [map, takenIn(map, source)] as const);
    expect(Math.max(...graphs.map(([, graph]) => graph.size))).toBeGreaterThan(5);
    for (const key of maps.map(keyOf)) {
      for (const namespace of ['a', 'b', 'c']) {
        const takers = graphs.filter(([map, graph]) => map.metadata.namespace === namespace && graph.has(key));
        expect(sorted(around.takersIn(namespace, key)), `${namespace} ${key}`).toEqual(
          sorted(takers.map(([map]) => keyOf(map))),
        );
      }
    }
  });

  test.each([1, 2, 3, 4, 5, 6])('of one namespace take each other in, or neither does, at random %i', (seed) => {
    const maps = randomMaps(seed, 60);
    const source = sourceOf(storeOf(maps));
    const graphs = new Map(maps.map((map) => [map, takenIn(map, source)]));
    const pairs = maps.flatMap((one) =>
      maps.filter((other) => other.metadata.namespace === one.metadata.namespace).map((other) => [one, other] as const),
    );
    const met = pairs.filter(([one, other]) => graphs.get(one)?.has(keyOf(other)));
    expect(met.length).toBeGreaterThan(maps.length);
    expect(met.filter(([one, other]) => !graphs.get(other)?.has(keyOf(one)))).toEqual([]);
  });
});

describe('surroundings', () => {
  const within = (key: string, hops: number, neighbours: (key: string) => readonly string[]): ReadonlySet<string> => {
    const found = new Set([key]);
    for (let hop = 0; hop < hops; hop += 1) for (const one of [...found].flatMap(neighbours)) found.add(one);
    return found;
  };
  /** One pair after another, until no two overlap. */
  const joined = (parts: readonly ReadonlySet<string>[]): readonly ReadonlySet<string>[] => {
    const pairs = parts.flatMap((one, i) => parts.slice(i + 1).map((other) => [one, other] as const));
    const meeting = pairs.find(([one, other]) => !one.isDisjointFrom(other));
    if (meeting === undefined) return parts;
    return joined([...parts.filter((part) => !meeting.includes(part)), meeting[0].union(meeting[1])]);
  };

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('are those of each, joined where they overlap, at random %i', async (seed) => {
    const random = seeded(seed);
    const size = 200;
    const names = Array.from({ length: size }, (_, i) => `a/${i}`);
    const links = new Map(names.map((name) => [name, new Set<string>()]));
    for (let i = 0; i < size; i += 1) {
      const [one, other] = [random(), random()].map((value) => names[Math.floor(value * size)] ?? '');
      links.get(one ?? '')?.add(other ?? '');
      links.get(other ?? '')?.add(one ?? '');
    }
    const neighbours = (key: string) => [...(links.get(key) ?? [])];
    const keys = names.filter(() => random() < 0.08);
    const asked: string[] = [];
    const counted = (key: string) => {
      asked.push(key);
      return neighbours(key);
    };
    const found = await surroundingsOf(new Set(keys), 2, counted, turn);
    const text = (parts: Iterable<ReadonlySet<string>>) => sorted([...parts].map((part) => sorted(part).join(' ')));
    expect(text(new Set(found.values()))).toEqual(text(joined(keys.map((key) => within(key, 2, neighbours)))));
    expect(keys.every((key) => found.get(key)?.has(key))).toBe(true);
    expect(asked.length).toBe(new Set(asked).size);
  });
});
