import { createHash } from 'node:crypto';
import type { Plan } from '../actions/plan.ts';
import type { EvidenceBundle } from '../evidence/bundle.ts';

/**
 * Lease names for an act: its target, and every service that verifying watches. Sorted, so that two sessions that want the
 * same two things never wait for each other.
 */
export function lockKeys(plan: Pick<Plan, 'target'>, bundle: EvidenceBundle): readonly string[] {
  const services = bundle.graph.nodes.filter((node) => node.role === 'Service').map((node) => node.identity);
  const names = [plan.target.identity, ...services].map((identity) => {
    return `threehops-lock-${createHash('sha256').update(identity).digest('hex').slice(0, 20)}`;
  });
  return [...new Set(names)].toSorted();
}
