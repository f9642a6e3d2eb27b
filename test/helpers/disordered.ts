import type { EvidenceBundle } from '../../controller/evidence/bundle.ts';
import { shuffled } from './random.ts';

/** The same evidence as another sweep might have gathered it. */
export function disordered(bundle: EvidenceBundle, next: () => number): EvidenceBundle {
  return {
    ...bundle,
    graph: { nodes: shuffled(bundle.graph.nodes, next), edges: shuffled(bundle.graph.edges, next) },
    nodes: shuffled(bundle.nodes, next).map((node) => ({
      ...node,
      findings: shuffled(node.findings, next),
      changes: shuffled(node.changes, next),
      series: shuffled(node.series, next),
    })),
  };
}
