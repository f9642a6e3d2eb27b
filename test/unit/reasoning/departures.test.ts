import { expect, it } from 'vitest';
import { rankUnits } from '../../../controller/reasoning/explain.ts';
import type { Departure } from '../../../controller/reasoning/series/departure.ts';
import { withDepartures } from '../../../controller/reasoning/series/departures.ts';
import type { HarmAspect } from '../../../controller/reasoning/series/measures.ts';
import { unseen, type Standing } from '../../../controller/reasoning/standing.ts';

const well: Standing = { ...unseen, seen: true };

/** A symptom that nobody measured, at what calls `near`, which calls `far`. */
function rankedBy(near: Departure, far: Departure, aspect?: HarmAspect): readonly string[] {
  const departures = new Map([
    ['near', [near]],
    ['far', [far]],
  ]);
  const dependencies = new Map([
    ['start', ['near']],
    ['near', ['far']],
  ]);
  const standings = new Map([['start', unseen] as const, ['near', well] as const, ['far', well] as const]);
  const situation = withDepartures({ start: 'start', dependencies, standings }, departures, aspect);
  return rankUnits(situation).map(({ unit }) => unit);
}

const slow = (amount: number, ratio: number): Departure => ({
  name: 'latency',
  aspect: 'Latency',
  unit: 's',
  amount,
  ratio,
});

it('lets what lies deeper explain what is above it, as far as its harm goes', () => {
  expect(rankedBy(slow(1, 8), slow(0.9, 7))[0]).toBe('far');
  expect(rankedBy(slow(1, 8), slow(0.02, 1.5))[0]).toBe('near');
});

it('does not take other harm than the symptom is of for its cause', () => {
  const fewer: Departure = { name: 'requests', aspect: 'Traffic', unit: 'requests', amount: 900, ratio: 9 };
  expect(rankedBy(slow(0.1, 2), fewer, 'Latency')).toEqual(['near']);
  expect(rankedBy(slow(0.1, 2), fewer)[0]).toBe('far');
});
