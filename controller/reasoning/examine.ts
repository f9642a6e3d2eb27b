import type { EvidenceBundle } from '../evidence/bundle.ts';
import type { Change, Finding } from '../evidence/finding.ts';
import { standingFrom } from './abnormality.ts';
import { evidenceOf, secondsOf, unitEvidence, type Evidence, type UnitEvidence } from './evidence.ts';
import { rankUnits, type RankedUnit, type Situation } from './explain.ts';
import { dependentsOf, reachable, unitGraphOf, type UnitGraph } from './graph.ts';
import { blameIn, blameOf, hypothesesOf, type Hypotheses } from './hypotheses.ts';
import type { Knowledge } from './proposals.ts';
import type { Memory } from './reasoner.ts';
import { departuresOf, withDepartures, type Departures } from './series/departures.ts';
import { accountsOf, isMeasured } from './series/excess.ts';
import { harmAspects } from './series/measures.ts';
import { doseIn, withSeries } from './series/standing.ts';
import type { Standings } from './standing.ts';
import { suspectsOf } from './suspects.ts';
import { victimsIn, type Victims } from './victims.ts';

/** What came to harm right after a unit was changed, and those changes. */
export interface Harm {
  readonly findings: readonly Finding[];
  readonly changes: readonly Change[];
}

/** By unit: its remedies are asked about the harm as if it were its own, and know of these changes alone. */
export type Harmed = ReadonlyMap<string, Harm>;

/** A bundle thought through: everything that a diagnosis is put together from. */
export interface Examination {
  readonly bundle: EvidenceBundle;
  readonly graph: UnitGraph;
  readonly evidence: Evidence;
  readonly seen: ReadonlyMap<string, UnitEvidence>;
  readonly hypotheses: ReadonlyMap<string, Hypotheses>;
  readonly standings: Standings;
  /** By what its series stand, where the symptom's unit has none that others' harm could be held against. */
  readonly departures: Departures;
  /** The unit where the symptom shows. */
  readonly start: string;
  /** What the symptom's unit may suffer from, with hops. */
  readonly path: ReadonlyMap<string, number>;
  /** All units that may have caused the symptom, the likeliest first: by findings, by numbers alone, or unseen. */
  readonly ranked: readonly RankedUnit[];
  /** Those with findings, which alone can be named. */
  readonly suspects: readonly RankedUnit[];
  /** Nobody sees the symptom, and the suspects break nothing. */
  readonly vague: boolean;
  /** Units that could not be looked at and may be the cause. */
  readonly unseenSuspects: readonly RankedUnit[];
  readonly remedyGaps: readonly string[];
  /** What is supposed of units that show nothing themselves; empty where nothing is. */
  readonly harmed: Harmed;
}

const nobody: Harmed = new Map();

export function examine(
  bundle: EvidenceBundle,
  memory: Memory,
  knowledge: Knowledge,
  harmed: Harmed = nobody,
): Examination {
  const evidence = evidenceOf(bundle);
  const graph = unitGraphOf(bundle.graph);
  const seen = new Map([...graph.units.values()].map((unit) => [unit.id, unitEvidence(unit, evidence)]));
  const hypotheses = hypothesesIn({ graph, evidence, seen, harmed }, memory, knowledge);
  const found = standingsIn({ graph, evidence, seen }, hypotheses);
  const start = graph.unitOf.get(bundle.symptom.node) ?? bundle.symptom.node;
  const { dependencies } = graph;
  const blame = blameIn(hypotheses, graph);
  const victims = victimsAmong(graph, evidence, seen);
  const { situation, departures } = measured({ start, dependencies, standings: found, blame, victims }, bundle, seen);
  const ranked = rankUnits(situation);
  const { suspects, vague } = suspectsOf({ start, graph, seen, hypotheses, standings: found, ranked });
  return {
    bundle,
    graph,
    evidence,
    seen,
    hypotheses,
    standings: situation.standings,
    departures,
    start,
    ranked,
    path: reachable(start, dependencies),
    suspects,
    vague,
    unseenSuspects: ranked.filter((one) => one.unseen),
    remedyGaps: [...hypotheses.values()].flatMap(({ gaps }) => gaps),
    harmed,
  };
}

function victimsAmong(graph: UnitGraph, evidence: Evidence, seen: Examination['seen']): Victims {
  const findings = new Map([...seen].map(([unit, own]) => [unit, own.findings] as const));
  return victimsIn(findings, dependentsOf(graph.dependencies), (unit) => evidence.nodes.get(unit)?.name ?? unit);
}

type Looked = Pick<Examination, 'graph' | 'evidence' | 'seen'>;

function hypothesesIn(
  { graph, evidence, seen, harmed }: Looked & Pick<Examination, 'harmed'>,
  memory: Memory,
  knowledge: Knowledge,
): Examination['hypotheses'] {
  const hurting = (unit: string): readonly Finding[] =>
    (seen.get(unit)?.findings ?? []).filter(({ severity }) => severity !== 'Info');
  const isResource = (unit: string): boolean => graph.units.get(unit)?.isService === false;
  return new Map(
    [...seen].flatMap(([id, own]) => {
      const unit = graph.units.get(id);
      if (unit === undefined) return [];
      const used = unit.isService ? (graph.dependencies.get(id) ?? []).filter(isResource).flatMap(hurting) : [];
      const { findings = [], changes = own.changes } = harmed.get(id) ?? {};
      const asked = { unit, seen: { ...own, changes }, used, harmed: findings, evidence, knowledge, memory };
      return [[id, hypothesesOf(asked)] as const];
    }),
  );
}

function standingsIn({ graph, evidence, seen }: Looked, hypotheses: Examination['hypotheses']): Standings {
  return new Map(
    [...seen].flatMap(([id, own]) => {
      const unit = graph.units.get(id);
      const { all = [] } = hypotheses.get(id) ?? {};
      const known = { cause: all[0]?.belief ?? 0, blame: blameOf(all, id, graph.unitOf) };
      return unit === undefined ? [] : [[id, standingFrom(unit, own, known, evidence.swept)] as const];
    }),
  );
}

interface Measured {
  readonly situation: Situation;
  readonly departures: Departures;
}

/** Completes what the findings tell with what the series tell, where it is known since when. */
function measured(situation: Situation, { symptom }: EvidenceBundle, seen: Examination['seen']): Measured {
  const { start, dependencies, standings } = situation;
  const since = secondsOf(symptom.since) ?? standings.get(start)?.onset?.at;
  const aspect = harmAspects.find((one) => one === symptom.labels?.['aspect']);
  const departures: Departures = new Map();
  if (since === undefined) return { situation, departures };
  const series = new Map([...seen].map(([unit, one]) => [unit, one.series]));
  const incident = { start, since, dependencies, series, ...(aspect === undefined ? {} : { aspect }) };
  if (!isMeasured(incident)) {
    const all = departuresOf(series, since);
    return { situation: withDepartures(situation, all, aspect), departures: all };
  }
  const accounts = accountsOf(incident);
  if (accounts === undefined) return { situation, departures };
  const completed = [...standings].map(
    ([unit, standing]) => [unit, withSeries(standing, accounts.byUnit.get(unit), accounts)] as const,
  );
  const dose = doseIn(accounts, (unit) => (standings.get(unit)?.strength ?? 0) > 0);
  return { situation: { ...situation, standings: new Map(completed), dose }, departures };
}
