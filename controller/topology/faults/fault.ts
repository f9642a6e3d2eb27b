import type { ServiceTopology, TopologyNode } from '../../api/kinds.ts';
import { closestTo } from '../../config/schema-faults.ts';
import type { CatalogueEntry } from '../../actions/catalogue.ts';
import type { SkillSource, TopologySource } from '../resolved.ts';

/** Something in a map that is wrong, or that cannot be meant. */
export interface MapFault {
  readonly severity: 'Error' | 'Warning';
  /** JSON pointer of the field, which may be missing itself. */
  readonly pointer: string;
  /** In words that follow the name of the field. */
  readonly message: string;
}

/** What a map is held against. */
export interface Known {
  readonly source: TopologySource;
  readonly skills: SkillSource;
  /** All ids of skills, wherever they are from. */
  readonly skillIds: ReadonlySet<string>;
  /** By id. */
  readonly actions: ReadonlyMap<string, CatalogueEntry>;
  /** Ids of the embedded servers. */
  readonly servers: ReadonlySet<string>;
}

/** Looks at one part of a map whose shape is that of its schema, defaults filled in. */
export type MapCheck = (topology: ServiceTopology, known: Known) => readonly MapFault[];

export const wrong = (pointer: string, message: string): MapFault => ({ severity: 'Error', pointer, message });
export const doubtful = (pointer: string, message: string): MapFault => ({ severity: 'Warning', pointer, message });

/** For a word that is none of these names. */
export function likely(word: string, names: Iterable<string>): string {
  const closest = closestTo(word, names);
  return closest === undefined ? '' : `; did you mean ${closest}?`;
}

/** The nodes of a map with the places at which they are declared. */
export function placedNodes({ spec }: ServiceTopology): readonly (readonly [string, TopologyNode])[] {
  return (['self', 'upstream', 'downstream'] as const).flatMap((list) =>
    (spec[list] ?? []).map((node, index) => [`/spec/${list}/${index}`, node] as const),
  );
}
