import type { Series } from '../../evidence/finding.ts';
import type { SuffersFrom } from '../graph.ts';
import { gridOf, stepAt, type Grid } from './course.ts';
import { deviationOf, profileOf, stepsOf, type Deviation, type Frame, type Weights } from './deviation.ts';
import { chosenOf, floorOf, harmAspects, measureOf, type HarmAspect, type Measure } from './measures.ts';

/** How much of the harm passes through a unit, in the unit of the aspect times calls: time lost, calls that failed. */
export interface Excess {
  readonly amount: number;
  /** What is left of it after what the unit suffers from, in [0, 1]. */
  readonly own: number;
  /** Against the largest that ordinary times bring about; above 1 is unusual. */
  readonly ratio: number;
}

export interface Accounts {
  readonly aspect: HarmAspect;
  readonly byUnit: ReadonlyMap<string, Excess>;
  /** What the symptom's unit lost; zero or less where its own series show no harm. */
  readonly total: number;
}

export interface Incident {
  readonly start: string;
  /** Seconds since the epoch: when the symptom was noticed. */
  readonly since: number;
  readonly aspect?: HarmAspect;
  readonly dependencies: SuffersFrom;
  readonly series: ReadonlyMap<string, readonly Series[]>;
}

/**
 * Among many units one is often unusual by chance. Hardly ever is one so by half as much again, or by a little while the
 * symptom's unit comes near it too.
 */
const beyondChance = { alone: 1.5, together: 1.25, symptom: 0.5 };

/** The steps just before the incident that it is compared with, where they are there. */
const longestBaseline = 3;

/**
 * Keeps account of the harm: what each unit lost more than just before the incident, with the symptom's own course as the
 * measure of when (what did not happen at its time does not count), and how much of that its dependencies lost already.
 * Lost time and failed calls add up along calls, so what is left at a unit began there. Undefined where the symptom's unit
 * has no series to go by, and where nothing goes beyond chance.
 */
export function accountsOf(incident: Incident): Accounts | undefined {
  const own = incident.series.get(incident.start) ?? [];
  const aspects = incident.aspect === undefined ? harmAspects : [incident.aspect];
  const symptoms = aspects.flatMap((aspect) => symptomOf(own, aspect, incident) ?? []);
  const symptom = symptoms.toSorted((a, b) => b.deviation.ratio - a.deviation.ratio)[0];
  if (symptom === undefined) return undefined;
  const losses = new Map<string, Loss>();
  for (const [unit, series] of incident.series) {
    const loss =
      unit === incident.start ? lossOf(symptom.measure, symptom.deviation, symptom) : lossIn(series, symptom);
    if (loss !== undefined) losses.set(unit, loss);
  }
  const byUnit = new Map(
    [...losses].map(([unit, loss]) => [unit, excessOf(unit, loss, losses, incident.dependencies)]),
  );
  const total = losses.get(incident.start)?.amount ?? 0;
  const together = symptom.deviation.ratio >= beyondChance.symptom;
  const isClear = ([unit, { ratio, amount, own }]: readonly [string, Excess]): boolean => {
    const least = together && unit !== incident.start ? beyondChance.together : beyondChance.alone;
    return ratio >= least && amount * own >= goodPart * total;
  };
  return [...byUnit].some(isClear) ? { aspect: symptom.aspect, byUnit, total } : undefined;
}

/** Of what the symptom's unit lost. */
const goodPart = 0.2;

/** Has the symptom's unit any series that tells of harm? */
export function isMeasured({ start, series }: Incident): boolean {
  const own = series.get(start) ?? [];
  return harmAspects.some((aspect) => chosenOf(own, aspect) !== undefined);
}

interface Symptom {
  readonly aspect: HarmAspect;
  readonly grid: Grid;
  readonly frame: Frame;
  readonly weights: Weights;
  readonly measure: Measure;
  readonly deviation: Deviation;
}

function symptomOf(series: readonly Series[], aspect: HarmAspect, { since }: Incident): Symptom | undefined {
  const chosen = chosenOf(series, aspect);
  const grid = chosen === undefined ? undefined : gridOf(chosen);
  const measure = grid === undefined ? undefined : measureOf(series, aspect, grid);
  if (grid === undefined || measure === undefined) return undefined;
  const frame = frameOf(measure, stepAt(since, grid));
  const deviation = frame === undefined ? undefined : deviationOf(measure.harm, frame, floorOf(aspect), profileOf);
  if (frame === undefined || deviation === undefined || deviation === 'Fresh') return undefined;
  return { aspect, grid, frame, weights: profileOf(measure.harm, frame), measure, deviation };
}

/**
 * From the step in which the symptom was noticed to the last one, after up to three that just precede it. Undefined where nothing was
 * measured before: there is nothing to compare with, and of samples a moment apart, a symptom that is months old is a hundred million
 * steps ago.
 */
function frameOf({ harm }: Measure, start: number): Frame | undefined {
  const [first = start] = harm.keys();
  const last = Math.max(...harm.keys());
  if (last < start || first >= start) return undefined;
  let baseline = 0;
  while (baseline < longestBaseline && harm.has(start - 1 - baseline)) baseline += 1;
  return { start, baseline: Math.max(1, baseline), length: last - start + 1 };
}

interface Loss {
  readonly amount: number;
  readonly ratio: number;
  /** Nothing of it was there before: whoever began to use it has changed. */
  readonly fresh: boolean;
}

function lossIn(series: readonly Series[], symptom: Symptom): Loss | undefined {
  const measure = measureOf(series, symptom.aspect, symptom.grid);
  if (measure === undefined) return undefined;
  const deviation = deviationOf(measure.harm, symptom.frame, floorOf(symptom.aspect), () => symptom.weights);
  if (deviation === undefined) return undefined;
  return lossOf(measure, deviation, symptom);
}

function lossOf(measure: Measure, deviation: Deviation | 'Fresh', symptom: Symptom): Loss {
  if (deviation === 'Fresh') return { amount: 0, ratio: 0, fresh: true };
  const calls = measure.perCall ? (measure.calls ?? symptom.measure.calls) : undefined;
  const counted = calls === undefined ? [] : stepsOf(symptom.frame).flatMap((step) => calls.get(step) ?? []);
  const perStep = counted.length === 0 ? 1 : counted.reduce((sum, one) => sum + one, 0) / counted.length;
  return { amount: deviation.amount * perStep, ratio: deviation.ratio, fresh: false };
}

/** What a unit uses and nobody measured may have lost what is left at the unit. */
const surestOfOwn = 0.9;

function excessOf(unit: string, loss: Loss, losses: ReadonlyMap<string, Loss>, dependencies: SuffersFrom): Excess {
  const used = dependencies.get(unit) ?? [];
  const below = used.map((one) => Math.max(0, losses.get(one)?.amount ?? 0));
  const rest = loss.amount - below.reduce((sum, one) => sum + one, 0);
  const most = used.every((one) => losses.has(one)) ? 1 : surestOfOwn;
  const own = loss.amount > 0 ? Math.min(most, Math.max(0, rest) / loss.amount) : 0;
  return { amount: loss.amount, own, ratio: loss.ratio };
}
