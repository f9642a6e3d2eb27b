import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { CheckResult } from '../../../skills/skill.ts';

/**
 * Whether the failure that was acted on is gone: what was foretold of other services than the symptom's, or all where nothing else was.
 * That the symptom is still there may be the doing of what the fix brought to light. Without a prediction nothing tells.
 */
export function hasImproved(predicted: readonly CheckResult[], { graph, symptom }: EvidenceBundle): boolean {
  const serviceOf = new Map(graph.nodes.map(({ id, service }) => [id, service]));
  const beyond = predicted.filter(({ node }) => serviceOf.get(node) !== serviceOf.get(symptom.node));
  const telling = beyond.length > 0 ? beyond : predicted;
  return telling.length > 0 && telling.every(({ verdict }) => verdict === 'Pass');
}
