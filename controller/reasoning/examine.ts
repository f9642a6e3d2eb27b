import type { EvidenceBundle } from '../evidence/bundle.ts';
import { standingFrom } from './abnormality.ts';
import { evidenceOf, unitEvidence, type Evidence, type UnitEvidence } from './evidence.ts';
import { rankUnits, type RankedUnit } from './explain.ts';
import { dependentsOf, reachable, unitGraphOf, type UnitGraph } from './graph.ts';
import { hypothesesOf, type Hypotheses, type Hypothesis, type Knowledge } from './hypotheses.ts';
import type { Memory } from './reasoner.ts';
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
  /** Ill units that may have caused the symptom, the likeliest first. */
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
  const standings: Standings = new Map(
    units.map((unit) => {
      const own = seen.get(unit.id) ?? unitEvidence(unit, evidence);
      return [unit.id, standingFrom(unit, own, hypotheses.get(unit.id)?.[0]?.belief ?? 0)];
    }),
  );
  const start = graph.unitOf.get(bundle.symptom.node) ?? bundle.symptom.node;
  const ranked = rankUnits({ start, dependencies: graph.dependencies, standings });
  return {
    bundle,
    graph,
    evidence,
    seen,
    hypotheses,
    standings,
    start,
    path: reachable(start, graph.dependencies),
    suspects: ranked.filter((one) => !one.unseen && mayExplain(one, start, graph, standings)),
    unseenSuspects: ranked.filter((one) => one.unseen),
    remedyGaps: asked.flatMap(([, { gaps }]) => gaps),
  };
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
