import type { EvidenceBundle, NodeEvidence } from '../evidence/bundle.ts';

/** So many nodes, of so many kinds, and this share of all: they do not fall silent together by themselves. */
const least = { nodes: 3, skills: 2, share: 0.5 };

/**
 * The evidence of all nodes. Where much that has nothing in common could not be looked at or gave no answer in one sweep, that speaks for
 * the looker and not for what it looked at: silence then is no finding, and who kept it was not seen.
 */
export function doubtingSilence({ nodes, graph }: Pick<EvidenceBundle, 'nodes' | 'graph'>): readonly NodeEvidence[] {
  const quiet = nodes.filter((one) => one.health === 'Unknown' || isSilent(one));
  const names = new Set(quiet.map(({ node }) => node));
  const skills = new Set(graph.nodes.filter(({ id }) => names.has(id)).map(({ skill }) => skill));
  if (quiet.length < Math.max(least.nodes, least.share * nodes.length) || skills.size < least.skills) return nodes;
  const reason = `no answer, like ${quiet.length} of ${nodes.length} nodes at once: that may be the fault of the looker`;
  return nodes.map((one) => (isSilent(one) ? unheard(one, reason) : one));
}

function isSilent({ findings }: NodeEvidence): boolean {
  return findings.some(({ silent }) => silent === true);
}

function unheard(evidence: NodeEvidence, reason: string): NodeEvidence {
  const gap = { node: evidence.node, what: 'the whole node', reason };
  const findings = evidence.findings.filter(({ silent }) => silent !== true);
  return { ...evidence, health: 'Unknown', findings, gaps: [gap, ...evidence.gaps] };
}
