import type { Finding } from '../evidence/finding.ts';
import { changedShare } from './abnormality.ts';
import type { Examination } from './examine.ts';
import { dependentsOf, reachable } from './graph.ts';

/** Were what is unseen looked at, it might show what a remedy is fairly sure of. */
const unlooked = 0.7;

/** Something that nobody could look at and that may be the cause in the place of a unit that uses it. */
export interface Rival {
  readonly unit: string;
  /** How much speaks for it, in [0, 1], to be held against the belief of a remedy. */
  readonly belief: number;
}

/**
 * The strongest rival of a unit whose cause would be told by these findings. There is none where they are the unit's own: what is also
 * shown by those who suffer from it may be had from others. A change of the unit itself just before speaks against any.
 */
export function rivalOf(unit: string, decisive: readonly Finding[], examination: Examination): Rival | undefined {
  const kinds = kindsOfVictims(unit, examination);
  if (!decisive.every(({ kind }) => kinds.has(kind))) return undefined;
  const { unseenSuspects, standings } = examination;
  const unchanged = 1 - changedShare * (standings.get(unit)?.trigger ?? 0);
  return unseenSuspects
    .filter(({ unit: other, links }) => links.get(unit)?.to === other)
    .map(({ unit: other, links }) => ({
      unit: other,
      belief: unlooked * unchanged * (links.get(unit)?.way ?? 0) * hiddenShare(other, examination),
    }))
    .toSorted((a, b) => b.belief - a.belief)[0];
}

function kindsOfVictims(unit: string, { graph, seen, standings }: Examination): ReadonlySet<string> {
  const users = [...reachable(unit, dependentsOf(graph.dependencies)).keys()].filter((user) => user !== unit);
  const ill = users.filter((user) => (standings.get(user)?.strength ?? 0) > 0);
  return new Set(ill.flatMap((user) => (seen.get(user)?.findings ?? []).map(({ kind }) => kind)));
}

/** How much of a unit could not be looked at. */
function hiddenShare(unit: string, { seen: looks }: Examination): number {
  const { seen = [], unseen = [] } = looks.get(unit) ?? {};
  return seen.length === 0 ? 1 : unseen.length / (unseen.length + seen.length);
}
