import type { Neighbourhoods } from '../topology/neighbourhood.ts';
import { keyOf, type TopologyKey } from '../topology/resolved.ts';
import type { Match } from './draft.ts';

/** Alerts whose maps lie around one another. */
export interface Cluster {
  readonly matches: readonly Match[];
  /** All maps whose sessions they may join, or whose alerts may join what they open. */
  readonly keys: ReadonlySet<TopologyKey>;
}

/** Splits the alerts of a webhook so that no two parts have to do with each other's sessions. */
export async function clustersOf(
  matches: readonly Match[],
  neighbourhoods: Pick<Neighbourhoods, 'surroundings'>,
  turn: () => Promise<void>,
): Promise<readonly Cluster[]> {
  const around = await neighbourhoods.surroundings(new Set(matches.map(({ topology }) => keyOf(topology))), turn);
  const byKeys = Map.groupBy(matches, ({ topology }) => around.get(keyOf(topology)) ?? new Set([keyOf(topology)]));
  return [...byKeys].map(([keys, own]) => ({ matches: own, keys }));
}
