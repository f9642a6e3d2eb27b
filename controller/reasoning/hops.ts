import type { SuffersFrom } from './graph.ts';
import type { Standings } from './standing.ts';

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

/**
 * From one unit, the strongest way to each that is ill or unseen. Ways lead through units that are not ill; an ill one ends
 * them, since from there it explains itself.
 */
export function hopsFrom(start: string, dependencies: SuffersFrom, standings: Standings): ReadonlyMap<string, Hop> {
  const best = new Map<string, Hop>([[start, { weight: 1, through: [] }]]);
  const open = new Set([start]);
  while (open.size > 0) {
    const unit = strongest(open, best);
    open.delete(unit);
    const here = best.get(unit) ?? { weight: 0, through: [] };
    if (unit !== start && (standings.get(unit)?.strength ?? 0) > 0) continue;
    const onward = onwardFrom(unit, start, here, standings);
    for (const next of dependencies.get(unit) ?? []) {
      if (onward.weight <= (best.get(next)?.weight ?? 0)) continue;
      best.set(next, onward);
      open.add(next);
    }
  }
  best.delete(start);
  return best;
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

function onwardFrom(unit: string, start: string, here: Hop, standings: Standings): Hop {
  if (unit === start) return { weight: direct, through: [] };
  const share = standings.get(unit)?.seen === true ? pass.well : pass.unseen;
  return { weight: here.weight * share, through: [...here.through, unit] };
}
