import type { Finding } from '../evidence/finding.ts';
import { changedShare } from './abnormality.ts';
import type { Examination } from './examine.ts';
import { dependentsOf, reachable } from './graph.ts';

/** Were what is unseen looked at, it might show what a remedy is fairly sure of. */
const unlooked = 0.7;

/** What nobody could look at and may be the cause in the place of what was seen of a unit. */
export interface Rival {
  /** The unit itself, where parts of it could not be looked at, or one that it uses. */
  readonly unit: string;
  /** How much speaks for it, in [0, 1], to be held against the belief of a remedy. */
  readonly belief: number;
}

/** The rivals of a unit whose cause would be told by these findings, the strongest first. */
export function rivalsOf(unit: string, decisive: readonly Finding[], examination: Examination): readonly Rival[] {
  const itself = { unit, belief: unlooked * hiddenShare(unit, examination) };
  const rivals = [itself, ...suppliersOf(unit, decisive, examination)].filter(({ belief }) => belief > 0);
  return rivals.toSorted((a, b) => b.belief - a.belief);
}

/**
 * Those that the unit uses with nothing ill between them. None where the findings are the unit's own: what is also shown by those who
 * suffer from it may be had from others. A change of the unit itself just before speaks against any.
 */
function suppliersOf(unit: string, decisive: readonly Finding[], examination: Examination): readonly Rival[] {
  const kinds = kindsOfVictims(unit, examination);
  if (!decisive.every(({ kind }) => kinds.has(kind))) return [];
  const { unseenSuspects, standings } = examination;
  const unchanged = 1 - changedShare * (standings.get(unit)?.trigger ?? 0);
  return unseenSuspects
    .filter(({ unit: other, links }) => links.get(unit)?.to === other)
    .map(({ unit: other, links }) => ({
      unit: other,
      belief: unlooked * unchanged * (links.get(unit)?.way ?? 0) * hiddenShare(other, examination),
    }));
}

function kindsOfVictims(unit: string, { graph, seen, standings }: Examination): ReadonlySet<string> {
  const users = [...reachable(unit, dependentsOf(graph.dependencies)).keys()].filter((user) => user !== unit);
  const ill = users.filter((user) => (standings.get(user)?.strength ?? 0) > 0);
  return new Set(ill.flatMap((user) => (seen.get(user)?.findings ?? []).map(({ kind }) => kind)));
}

/** How much of a unit could not be looked at; all of one without a node that could tell of it. */
function hiddenShare(unit: string, { seen: looks }: Examination): number {
  const { seen = [], unseen = [] } = looks.get(unit) ?? {};
  return seen.length === 0 ? 1 : unseen.length / (unseen.length + seen.length);
}
