import type { Finding } from '../evidence/finding.ts';
import type { Examination } from './examine.ts';
import type { RankedUnit } from './explain.ts';
import { dependentsOf } from './graph.ts';

export interface Suspected {
  /** The likeliest first. */
  readonly suspects: readonly RankedUnit[];
  /** Nobody sees the symptom, and the suspects break nothing: they may explain it, and no more can be said. */
  readonly vague: boolean;
}

type Ranking = Pick<Examination, 'start' | 'graph' | 'seen' | 'hypotheses' | 'standings' | 'ranked'>;

/**
 * Of what is ill by its findings, what may explain the symptom. Where the symptom's unit was looked at and is well, and so are its callers,
 * that is what breaks something that the unit uses directly. Where nothing does, it is what has a known cause, were it one that nothing can
 * be done about, and what takes long: users wait for it, and nobody between needs to notice. Other trouble explains nothing then.
 */
export function suspectsOf(ranking: Ranking): Suspected {
  const { start, standings, ranked } = ranking;
  const ill = ranked.filter(({ unit }) => strengthIn(standings, unit) > 0);
  if (!isWell(ranking)) return { suspects: ill, vague: false };
  const breaking = ill.filter(
    ({ unit, links }) => strengthIn(standings, unit) >= 1 && links.get(start)?.through.length === 0,
  );
  if (breaking.length > 0) return { suspects: breaking, vague: false };
  const plausible = ill.filter(({ unit }) => hasKnownCause(unit, ranking) || takesLong(unit, ranking));
  return { suspects: plausible, vague: plausible.length > 0 };
}

function strengthIn(standings: Ranking['standings'], unit: string): number {
  return standings.get(unit)?.strength ?? 0;
}

/** The symptom's unit was looked at, and neither it nor a caller of it is ill. */
function isWell({ start, graph, standings }: Ranking): boolean {
  const callers = dependentsOf(graph.dependencies).get(start) ?? [];
  return standings.get(start)?.seen === true && [start, ...callers].every((unit) => strengthIn(standings, unit) === 0);
}

const fairlySure = 0.5;

function hasKnownCause(unit: string, { hypotheses }: Ranking): boolean {
  const { all = [], helpless = [] } = hypotheses.get(unit) ?? {};
  return (all[0]?.belief ?? 0) >= fairlySure || helpless.length > 0;
}

function takesLong(unit: string, { seen }: Ranking): boolean {
  return (seen.get(unit)?.findings ?? []).some((finding) => finding.severity !== 'Info' && isTime(finding));
}

function isTime({ unit, value, threshold }: Finding): boolean {
  return (unit === 'ms' || unit === 's') && value !== undefined && threshold !== undefined && value > threshold;
}
