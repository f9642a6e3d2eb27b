import type { EvidenceBundle } from '../evidence/bundle.ts';
import { standingFrom } from './abnormality.ts';
import { evidenceOf, secondsOf, unitEvidence, type Evidence, type UnitEvidence } from './evidence.ts';
import { rankUnits, type RankedUnit, type Situation } from './explain.ts';
import { dependentsOf, reachable, unitGraphOf, type UnitGraph } from './graph.ts';
import { hypothesesOf, type Hypotheses, type Hypothesis, type Knowledge } from './hypotheses.ts';
import type { Memory } from './reasoner.ts';
import { accountsOf } from './series/excess.ts';
import { harmAspects } from './series/measures.ts';
import { doseIn, withSeries } from './series/standing.ts';
import type { Standings } from './standing.ts';

/** A bundle thought through: everything that a diagnosis is put together from. */
export interface Examination {
  readonly bundle: EvidenceBundle;
  readonly graph: UnitGraph;
  readonly evidence: Evidence;
  readonly seen: ReadonlyMap<string, UnitEvidence>;
  readonly hypotheses: ReadonlyMap<string, readonly Hypothesis[]>;
  readonly standings: Standings;
  /** The unit where the symptom shows. */
  readonly start: string;
  /** What the symptom's unit may suffer from, with hops. */
  readonly path: ReadonlyMap<string, number>;
  /** All units that may have caused the symptom, the likeliest first: by findings, by numbers alone, or unseen. */
  readonly ranked: readonly RankedUnit[];
  /** Those with findings, which alone can be named. */
  readonly suspects: readonly RankedUnit[];
  /** Units that could not be looked at and may be the cause. */
  readonly unseenSuspects: readonly RankedUnit[];
  readonly remedyGaps: readonly string[];
}

export function examine(bundle: EvidenceBundle, memory: Memory, knowledge: Knowledge): Examination {
  const evidence = evidenceOf(bundle);
  const graph = unitGraphOf(bundle.graph);
  const units = [...graph.units.values()];
  const seen = new Map(units.map((unit) => [unit.id, unitEvidence(unit, evidence)]));
  const asked = units.map((unit): [string, Hypotheses] => {
    const own = seen.get(unit.id) ?? unitEvidence(unit, evidence);
    return [unit.id, hypothesesOf({ unit, seen: own, evidence, knowledge, memory })];
  });
  const hypotheses = new Map(asked.map(([unit, { all }]) => [unit, all]));
  const found: Standings = new Map(
    units.map((unit) => {
      const own = seen.get(unit.id) ?? unitEvidence(unit, evidence);
      return [unit.id, standingFrom(unit, own, hypotheses.get(unit.id)?.[0]?.belief ?? 0)];
    }),
  );
  const start = graph.unitOf.get(bundle.symptom.node) ?? bundle.symptom.node;
  const situation = measured({ start, dependencies: graph.dependencies, standings: found }, bundle, seen);
  const ranked = rankUnits(situation);
  const { standings } = situation;
  return {
    bundle,
    graph,
    evidence,
    seen,
    hypotheses,
    standings,
    start,
    ranked,
    path: reachable(start, graph.dependencies),
    suspects: ranked.filter((one) => (found.get(one.unit)?.strength ?? 0) > 0 && mayExplain(one, start, graph, found)),
    unseenSuspects: ranked.filter((one) => one.unseen),
    remedyGaps: asked.flatMap(([, { gaps }]) => gaps),
  };
}

/** Completes what the findings tell with what the series tell, where the symptom's unit has series and it is known since when. */
function measured(situation: Situation, { symptom }: EvidenceBundle, seen: Examination['seen']): Situation {
  const { start, dependencies, standings } = situation;
  const since = secondsOf(symptom.since) ?? standings.get(start)?.onset?.at;
  const aspect = harmAspects.find((one) => one === symptom.labels?.['aspect']);
  if (since === undefined) return situation;
  const series = new Map([...seen].map(([unit, one]) => [unit, one.series]));
  const accounts = accountsOf({ start, since, dependencies, series, ...(aspect === undefined ? {} : { aspect }) });
  if (accounts === undefined) return situation;
  const completed = [...standings].map(
    ([unit, standing]) => [unit, withSeries(standing, accounts.byUnit.get(unit), accounts)] as const,
  );
  const dose = doseIn(accounts, (unit) => (standings.get(unit)?.strength ?? 0) > 0);
  return { start, dependencies, standings: new Map(completed), dose };
}

/**
 * Where the symptom's unit was looked at and is well, and so are its callers, a little trouble elsewhere explains nothing:
 * only what breaks something that the unit uses directly does.
 */
function mayExplain(ranked: RankedUnit, start: string, graph: UnitGraph, standings: Standings): boolean {
  const own = standings.get(start);
  if (own === undefined || own.strength > 0 || !own.seen) return true;
  const callers = dependentsOf(graph.dependencies).get(start) ?? [];
  if (callers.some((caller) => (standings.get(caller)?.strength ?? 0) > 0)) return true;
  const broken = (standings.get(ranked.unit)?.strength ?? 0) >= 1;
  return broken && ranked.links.get(start)?.through.length === 0;
}
