import type { SuffersFrom } from './graph.ts';
import type { Standing, Standings } from './standing.ts';
import type { Victims } from './victims.ts';

/** A way from an ill unit to the next ill one, or to one that could not be seen. */
export interface Hop {
  readonly weight: number;
  /** The units on the way that are not ill, in order from the one that suffers. */
  readonly through: readonly string[];
}

/** An ill unit harms its direct callers nearly always. */
const direct = 0.95;
/** Harm may pass a unit that nobody could look at; one that was looked at and found well seldom hands it on. */
const pass = { unseen: 0.6, well: 0.3 };

/** Who is not among those that a unit says it harms suffers from it in some other way, if at all. */
const spared = 0.2;

/**
 * From one unit, the strongest way to each that is ill or unseen. Ways lead through units that are not ill; an ill one ends
 * them, since from there it explains itself. One that looks well and yet is named as harmed hands the harm on.
 */
export function hopsFrom(
  start: string,
  dependencies: SuffersFrom,
  standings: Standings,
  victims: Victims = () => undefined,
): ReadonlyMap<string, Hop> {
  const best = new Map<string, Hop>([[start, { weight: 1, through: [] }]]);
  const open = new Set([start]);
  while (open.size > 0) {
    const unit = strongest(open, best);
    open.delete(unit);
    const { weight, through } = best.get(unit) ?? nowhere;
    if (unit !== start && isIll(standings.get(unit))) continue;
    const usual = weight * (unit === start ? direct : passing(standings.get(unit)));
    const onward = unit === start ? [] : [...through, unit];
    for (const next of dependencies.get(unit) ?? []) {
      const hop = { weight: told(victims(next, unit), usual, weight), through: onward };
      if (hop.weight <= (best.get(next) ?? nowhere).weight) continue;
      best.set(next, hop);
      open.add(next);
    }
  }
  best.delete(start);
  return best;
}

const nowhere: Hop = { weight: 0, through: [] };

function isIll(unit: Standing | undefined): boolean {
  return (unit?.strength ?? 0) > 0;
}

function passing(unit: Standing | undefined): number {
  return unit?.seen === true ? pass.well : pass.unseen;
}

/** What comes through of a way of this weight, where the next unit tells whom it harms. */
function told(said: ReturnType<Victims>, usual: number, weight: number): number {
  if (said === 'Harmed') return weight * direct;
  return said === 'Spared' ? usual * spared : usual;
}

function strongest(open: ReadonlySet<string>, best: ReadonlyMap<string, Hop>): string {
  let chosen = '';
  let weight = -1;
  for (const unit of open) {
    const candidate = best.get(unit)?.weight ?? 0;
    if (candidate > weight || (candidate === weight && unit < chosen)) [chosen, weight] = [unit, candidate];
  }
  return chosen;
}
