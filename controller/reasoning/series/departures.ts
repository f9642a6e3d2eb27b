import type { Series } from '../../evidence/finding.ts';
import type { Situation } from '../explain.ts';
import { unseen, type Onset, type Standing } from '../standing.ts';
import { departureOf, type Departure } from './departure.ts';
import { harmAspects, type HarmAspect } from './measures.ts';
import { most, unmeasured } from './standing.ts';

/** By unit, how its series have departed since a moment, what tells most of an origin there first. */
export type Departures = ReadonlyMap<string, readonly Departure[]>;

export function departuresOf(series: ReadonlyMap<string, readonly Series[]>, since: number): Departures {
  return new Map(
    [...series].map(([unit, all]) => [
      unit,
      all
        .flatMap((one) => departureOf(one, since) ?? [])
        .toSorted((a, b) => weightOf(b) - weightOf(a) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    ]),
  );
}

/** Who waits for another is slow as well: half of what is no shortage of the unit's own may be another's. */
const suffered = 0.5;

/** How much a series tells of an origin in its unit, in [0, 1): how unusual it is, and whether it can be another's doing. */
export function weightOf({ aspect, ratio }: Departure): number {
  return (aspect === 'Saturation' ? 1 : suffered) * (1 - 1 / Math.sqrt(1 + Math.max(0, ratio)));
}

/**
 * Standings from findings, completed by how unusual each unit's own series are: for a symptom whose unit has no series that
 * others' harm could be held against. It began no later than the first of what it may suffer from.
 */
export function withDepartures(situation: Situation, departures: Departures, aspect?: HarmAspect): Situation {
  const telling = new Map(
    [...departures].map(([unit, all]) => [unit, all.filter((one) => tells(one, aspect))] as const),
  );
  const standings = new Map(
    [...situation.standings].map(([unit, standing]) => [unit, departed(standing, telling.get(unit) ?? [])] as const),
  );
  const first = firstOf([...departures.values()].flatMap((all) => all.flatMap(({ onset }) => onset ?? [])));
  const own = standings.get(situation.start) ?? unseen;
  if (own.onset === undefined && first !== undefined) standings.set(situation.start, { ...own, onset: first });
  return {
    ...situation,
    standings,
    dose: doseIn(telling, (unit) => (situation.standings.get(unit)?.strength ?? 0) > 0),
  };
}

/** A symptom of one kind is explained by harm of that kind, and by what a unit runs short of. */
function tells(departure: Departure, aspect: HarmAspect | undefined): boolean {
  return aspect === undefined || departure.aspect === aspect || departure.aspect === 'Saturation';
}

/** How much of the victim's harm the cause's amounts to, where both departed in the same; 1 where nothing compares. */
function doseIn(departures: Departures, ill: (unit: string) => boolean): (victim: string, cause: string) => number {
  const harmsOf = (unit: string): readonly Departure[] =>
    (departures.get(unit) ?? []).filter(({ aspect, ratio }) => ratio > 1 && harmAspects.some((one) => one === aspect));
  return (victim, cause) => {
    const given = harmsOf(cause);
    const shares = harmsOf(victim).flatMap(({ aspect, unit, amount }) =>
      given.filter((one) => one.aspect === aspect && one.unit === unit).map((one) => one.amount / amount),
    );
    const share = shares.length === 0 ? 1 : Math.min(1, Math.max(...shares));
    return ill(cause) ? Math.max(unmeasured, share) : share;
  };
}

function departed(standing: Standing, departures: readonly Departure[]): Standing {
  const strength = strengthOf(departures);
  if (strength <= standing.strength) return standing;
  const onset = standing.onset ?? firstOf(departures.flatMap((one) => one.onset ?? []));
  const local = strengthOf(departures.filter(({ aspect }) => aspect === 'Saturation')) / most;
  return {
    ...standing,
    strength,
    seen: true,
    local: Math.max(standing.local, local),
    ...(onset === undefined ? {} : { onset }),
  };
}

/** 0 for what is usual, coming near to a warning's for what is far beyond it. */
function strengthOf(departures: readonly Departure[]): number {
  const furthest = Math.max(1, ...departures.map(({ ratio }) => ratio));
  return most * (1 - 1 / Math.sqrt(furthest));
}

function firstOf(onsets: readonly Onset[]): Onset | undefined {
  return onsets.toSorted((a, b) => a.at - b.at)[0];
}
