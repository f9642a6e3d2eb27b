import type { EvidenceBundle } from '../../evidence/bundle.ts';

/**
 * The longest time between two failures that the evidence tells of, in milliseconds: a finding may give the moments at which
 * it happened as `facts.times` (RFC 3339). Zero where no finding does.
 */
export function failureInterval(bundle: EvidenceBundle): number {
  const findings = bundle.nodes.flatMap((node) => node.findings).filter((finding) => finding.severity === 'Critical');
  return Math.max(0, ...findings.map((finding) => longestGap(finding.facts?.['times'])));
}

function longestGap(times: unknown): number {
  if (!Array.isArray(times)) return 0;
  const moments = times.map((time) => Date.parse(String(time))).filter((moment) => !Number.isNaN(moment));
  const sorted = moments.toSorted((a, b) => a - b);
  return Math.max(0, ...sorted.slice(1).map((moment, index) => moment - (sorted[index] ?? moment)));
}
