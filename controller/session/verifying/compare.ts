import type { EvidenceBundle, NodeEvidence } from '../../evidence/bundle.ts';
import type { Health } from '../../evidence/finding.ts';
import type { CheckResult } from '../../../skills/skill.ts';
import { worstOf } from '../../evidence/health.ts';

const rank: Record<Exclude<Health, 'Unknown'>, number> = { Healthy: 0, Degraded: 1, Failing: 2 };

export const notWorse = 'not worse';

/**
 * No node may be worse than before the act; the worst come first. A node that cannot be seen any more is inconclusive where it could
 * be seen before.
 */
export function comparisons(before: EvidenceBundle, after: readonly NodeEvidence[]): readonly CheckResult[] {
  const earlier = new Map(before.nodes.map((evidence) => [evidence.node, evidence.health]));
  const ordered = after.toSorted((a, b) => rankOf(b.health) - rankOf(a.health));
  return ordered.flatMap((evidence) => {
    const was = earlier.get(evidence.node);
    if (was === undefined || was === 'Unknown') return [];
    return compared(evidence, was);
  });
}

function rankOf(health: Health): number {
  return health === 'Unknown' ? -1 : rank[health];
}

function compared(evidence: NodeEvidence, was: Exclude<Health, 'Unknown'>): readonly CheckResult[] {
  const { node, health } = evidence;
  const name = notWorse;
  if (health === 'Unknown') {
    const reason = evidence.gaps[0]?.reason ?? 'it could not be looked at';
    return [{ name, node, verdict: 'Inconclusive', summary: `was ${was}, now Unknown: ${reason}` }];
  }
  if (rank[health] > rank[was]) {
    return [
      {
        name,
        node,
        verdict: 'Fail',
        summary: `was ${was}, now ${health}: ${worstOf(evidence.findings)?.summary ?? ''}`,
      },
    ];
  }
  return [{ name, node, verdict: 'Pass', summary: was === health ? health : `was ${was}, now ${health}` }];
}
