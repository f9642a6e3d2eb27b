import type { TopologyKey } from './resolved.ts';

/**
 * What lies within so many hops of each of the keys, which is itself in it. Where the surroundings of two overlap they are one set, of both; sets of
 * the answer are equal or have nothing in common. All keys are walked from at once, so that no reference is followed twice: two that are not
 * further than twice the hops from each other meet on the way.
 * @param turn waited for before each map, as there may be many; what it throws is thrown
 */
export async function surroundingsOf(
  keys: ReadonlySet<TopologyKey>,
  hops: number,
  neighbours: (key: TopologyKey) => readonly TopologyKey[],
  turn: () => Promise<void>,
): Promise<ReadonlyMap<TopologyKey, ReadonlySet<TopologyKey>>> {
  const parts = new Map<TopologyKey, Set<TopologyKey>>([...keys].map((key) => [key, new Set([key])]));
  let ring: readonly TopologyKey[] = [...keys];
  for (let hop = 0; hop < hops && ring.length > 0; hop += 1) {
    const next: TopologyKey[] = [];
    for (const key of ring) {
      await turn();
      const around = neighbours(key);
      next.push(...new Set(around.filter((neighbour) => !parts.has(neighbour))));
      for (const neighbour of around) join(parts, key, neighbour);
    }
    ring = next;
  }
  return new Map([...keys].map((key) => [key, parts.get(key) ?? new Set([key])]));
}

/** The smaller part is put into the larger one: so no key is moved often. */
function join(parts: Map<TopologyKey, Set<TopologyKey>>, a: TopologyKey, b: TopologyKey): void {
  const [one, other] = [a, b].map((key) => parts.get(key) ?? new Set([key]));
  if (one === undefined || other === undefined || one === other) return;
  const [smaller, larger] = one.size < other.size ? [one, other] : [other, one];
  for (const key of smaller) {
    larger.add(key);
    parts.set(key, larger);
  }
}
