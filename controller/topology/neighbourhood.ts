import type { ServiceTopology } from '../api/kinds.ts';
import { collectTopologies, entriesOf, MAX_HOPS, referenceOf } from './references.ts';
import { keyOf, type TopologyKey, type TopologySource } from './resolved.ts';

/** The maps that the graph of a session on `root` takes in, its own among them. */
export function takenIn(root: ServiceTopology, source: TopologySource): ReadonlySet<TopologyKey> {
  return new Set(collectTopologies(root, source).topologies.keys());
}

/**
 * All maps within as many hops by references both ways, whatever is shared with whom. If `a` is within reach of `b` then so is `b` of `a`;
 * whatever map's graph takes `root` in is among them.
 */
export function withinReach(root: ServiceTopology, source: TopologySource): ReadonlySet<TopologyKey> {
  const found = new Map([[keyOf(root), root]]);
  let ring: readonly ServiceTopology[] = [root];
  for (let hop = 0; hop < MAX_HOPS && ring.length > 0; hop += 1) {
    const next = ring.flatMap((topology) => neighbours(topology, source)).filter((one) => !found.has(keyOf(one)));
    for (const topology of next) found.set(keyOf(topology), topology);
    ring = [...new Map(next.map((topology) => [keyOf(topology), topology])).values()];
  }
  return new Set(found.keys());
}

function neighbours(topology: ServiceTopology, source: TopologySource): readonly ServiceTopology[] {
  const referred = entriesOf(topology).flatMap(([, node]) => {
    const reference = referenceOf(topology, node);
    const target = reference === undefined ? undefined : source.get(reference.namespace, reference.name);
    return target === undefined ? [] : [target];
  });
  const { namespace, name } = topology.metadata;
  return [...referred, ...source.referrers(namespace, name)];
}

/** Names in all sets that are kept; some 20 MB. */
const mostKept = 200_000;

/** Both sets of each map, kept until `forget`. */
export class Neighbourhoods {
  readonly #source: TopologySource;
  readonly #takenIn = new Map<TopologyKey, ReadonlySet<TopologyKey>>();
  readonly #within = new Map<TopologyKey, ReadonlySet<TopologyKey>>();
  #size = 0;

  constructor(source: TopologySource) {
    this.#source = source;
  }

  takenIn(key: TopologyKey): ReadonlySet<TopologyKey> {
    return this.#kept(this.#takenIn, key, takenIn);
  }

  withinReach(key: TopologyKey): ReadonlySet<TopologyKey> {
    return this.#kept(this.#within, key, withinReach);
  }

  /** A map has changed, and with it what lies around any other. */
  forget(): void {
    this.#takenIn.clear();
    this.#within.clear();
    this.#size = 0;
  }

  #kept(sets: Map<TopologyKey, ReadonlySet<TopologyKey>>, key: TopologyKey, of: typeof takenIn) {
    const known = sets.get(key);
    if (known !== undefined) return known;
    const [namespace = '', name = ''] = key.split('/');
    const root = this.#source.get(namespace, name);
    // Of a map that is gone nothing is known but itself.
    const found = root === undefined ? new Set([key]) : of(root, this.#source);
    if (this.#size + found.size > mostKept) this.forget();
    this.#size += found.size;
    sets.set(key, found);
    return found;
  }
}
