import type { ServiceTopology } from '../api/kinds.ts';
import { collectTopologies, entriesOf, MAX_HOPS, referenceOf, sharesWith } from './references.ts';
import { keyOf, type TopologyKey, type TopologySource } from './resolved.ts';
import { surroundingsOf } from './surroundings.ts';

/**
 * The maps that the graph of a session on `root` takes in, its own among them. Of two maps of one namespace each takes the other in or neither
 * does: both look along the same references, by what is shared with that namespace.
 */
export function takenIn(root: ServiceTopology, source: TopologySource): ReadonlySet<TopologyKey> {
  return new Set(collectTopologies(root, source).topologies.keys());
}

/** A reference, from either of its ends. */
interface Link {
  readonly key: TopologyKey;
  readonly topology: ServiceTopology;
  /** Whether the one that is referred to is shared with the other's namespace. */
  readonly isShared: boolean;
}

/** Names in all sets that are kept; some 20 MB. */
const mostKept = 200_000;

/** What lies around maps, for who asks about many of them: each reference is looked up once until `forget`. */
export class Neighbourhoods {
  readonly #source: TopologySource;
  readonly #links = new Map<TopologyKey, readonly Link[]>();
  readonly #takers = new Map<string, ReadonlySet<TopologyKey>>();
  #size = 0;

  constructor(source: TopologySource) {
    this.#source = source;
  }

  /**
   * The maps of a namespace whose graphs take this map in; whatever they are, they are in its surroundings. They are what a session of that
   * namespace would take in from here, so that one walk tells of all of them.
   */
  takersIn(namespace: string, key: TopologyKey): ReadonlySet<TopologyKey> {
    const question = `${namespace} ${key}`;
    const known = this.#takers.get(question);
    if (known !== undefined) return known;
    const found = this.#walk(key, namespace);
    if (this.#size + found.size > mostKept) this.#forgetTakers();
    this.#size += found.size;
    this.#takers.set(question, found);
    return found;
  }

  /** See `surroundingsOf`: within as many hops as a graph has, whatever is shared with whom. */
  surroundings(
    keys: ReadonlySet<TopologyKey>,
    turn: () => Promise<void>,
  ): Promise<ReadonlyMap<TopologyKey, ReadonlySet<TopologyKey>>> {
    return surroundingsOf(keys, MAX_HOPS, (key) => this.#linksOf(key).map((link) => link.key), turn);
  }

  /** A map has changed, and with it what lies around any other. */
  forget(): void {
    this.#links.clear();
    this.#forgetTakers();
  }

  #forgetTakers(): void {
    this.#takers.clear();
    this.#size = 0;
  }

  #walk(key: TopologyKey, namespace: string): ReadonlySet<TopologyKey> {
    const root = this.#get(key);
    // Of a map that is gone nothing is known but itself.
    if (root === undefined) return new Set(inNamespace(namespace, [key]));
    if (!sharesWith(root, namespace)) return new Set();
    const found = new Set([key]);
    let ring: readonly TopologyKey[] = [key];
    for (let hop = 0; hop < MAX_HOPS && ring.length > 0; hop += 1) {
      const next: TopologyKey[] = [];
      for (const link of ring.flatMap((one) => this.#linksOf(one))) {
        if (found.has(link.key) || !link.isShared || !sharesWith(link.topology, namespace)) continue;
        found.add(link.key);
        next.push(link.key);
      }
      ring = next;
    }
    return new Set(inNamespace(namespace, [...found]));
  }

  #linksOf(key: TopologyKey): readonly Link[] {
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const topology = this.#get(key);
    const links = topology === undefined ? [] : linksOf(topology, this.#source);
    this.#links.set(key, links);
    return links;
  }

  #get(key: TopologyKey): ServiceTopology | undefined {
    const [namespace = '', name = ''] = key.split('/');
    return this.#source.get(namespace, name);
  }
}

function linksOf(topology: ServiceTopology, source: TopologySource): readonly Link[] {
  const { namespace, name } = topology.metadata;
  const referred = entriesOf(topology).flatMap(([, node]) => {
    const reference = referenceOf(topology, node);
    const target = reference === undefined ? undefined : source.get(reference.namespace, reference.name);
    return target === undefined ? [] : [link(target, sharesWith(target, namespace))];
  });
  const referring = source
    .referrers(namespace, name)
    .map((referrer) => link(referrer, sharesWith(topology, referrer.metadata.namespace)));
  return [...referred, ...referring];
}

function link(topology: ServiceTopology, isShared: boolean): Link {
  return { key: keyOf(topology), topology, isShared };
}

function inNamespace(namespace: string, keys: readonly TopologyKey[]): readonly TopologyKey[] {
  return keys.filter((key) => key.startsWith(`${namespace}/`));
}
