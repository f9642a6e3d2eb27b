import type { Examination } from './examine.ts';

/** What could not be seen and matters to this symptom. */
export interface BlindSpots {
  /** Nodes on the symptom's paths that nobody could look at: with one of them, nobody can say that nothing is wrong. */
  readonly unseen: readonly string[];
  /** For a person: the unseen first, then parts of nodes, then what was cut. */
  readonly gaps: readonly string[];
}

const most = 30;

export function blindSpotsOf(examination: Examination): BlindSpots {
  const { bundle, evidence, graph, path, seen, unseenSuspects, remedyGaps } = examination;
  const units = [...path.keys()].toSorted();
  const unseen = units.flatMap((unit) => unseenOf(unit, examination));
  const reasons = unseen.map(
    (node) => `${node}: ${evidence.byNode.get(node)?.gaps[0]?.reason ?? 'it was not looked at'}`,
  );
  const suspects = unseenSuspects
    .filter(({ share }) => share >= 0.05)
    .map(({ unit }) => `${unit}: it could not be looked at in full and may be the cause`);
  const parts = units
    .flatMap((unit) => [...(graph.units.get(unit)?.members ?? []), ...(graph.units.get(unit)?.views ?? [])])
    .filter((node) => !unseen.includes(node) && seen.get(graph.unitOf.get(node) ?? node) !== undefined)
    .flatMap((node) => evidence.byNode.get(node)?.gaps ?? []);
  const cut = bundle.leftOut.toSorted((a, b) => (`${a.node} ${a.what}` < `${b.node} ${b.what}` ? -1 : 1));
  const told = [...parts, ...cut].map(({ node, what, reason }) => `${node}: ${what}: ${reason}`);
  const dropped = cut.filter(({ node }) => !evidence.nodes.has(node)).map(({ node }) => node);
  return {
    unseen: [...unseen, ...dropped],
    gaps: [...new Set([...reasons, ...suspects, ...told, ...remedyGaps])].slice(0, most),
  };
}

/** A service without any node that could tell of it was not looked at either. */
function unseenOf(unit: string, { graph, seen }: Examination): readonly string[] {
  const looked = seen.get(unit);
  if (looked === undefined) return [unit];
  const { isService = false } = graph.units.get(unit) ?? {};
  return isService && looked.seen.length === 0 && looked.unseen.length === 0 ? [unit] : looked.unseen;
}
