import { keyOf, type TopologyKey } from '../topology/resolved.ts';
import type { Match } from './draft.ts';

/** Alerts whose maps lie around one another. */
export interface Cluster {
  readonly matches: readonly Match[];
  /** All maps whose sessions they may join, or whose alerts may join what they open. */
  readonly keys: ReadonlySet<TopologyKey>;
}

/** Splits the alerts of a webhook so that no two parts have to do with each other's sessions. */
export function clustersOf(
  matches: readonly Match[],
  withinReach: (key: TopologyKey) => ReadonlySet<TopologyKey>,
): readonly Cluster[] {
  const byMap = Map.groupBy(matches, ({ topology }) => keyOf(topology));
  let clusters: readonly Cluster[] = [];
  for (const [key, own] of byMap) {
    const keys = withinReach(key);
    const touching = clusters.filter((cluster) => !cluster.keys.isDisjointFrom(keys));
    const joined: Cluster = {
      matches: [...touching.flatMap((cluster) => cluster.matches), ...own],
      keys: touching.reduce((all, cluster) => all.union(cluster.keys), keys),
    };
    clusters = [...clusters.filter((cluster) => !touching.includes(cluster)), joined];
  }
  return clusters;
}
