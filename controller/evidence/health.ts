import type { Finding, Health } from './finding.ts';

/** Health from findings: a Critical one fails the node, a Warning degrades it, Info says nothing of health. */
export function healthOf(findings: readonly Finding[]): Exclude<Health, 'Unknown'> {
  if (findings.some((finding) => finding.severity === 'Critical')) return 'Failing';
  if (findings.some((finding) => finding.severity === 'Warning')) return 'Degraded';
  return 'Healthy';
}

const weight = { Critical: 2, Warning: 1, Info: 0 } as const;

/** The finding that a line about the node should show; undefined when there is none worth it. */
export function worstOf(findings: readonly Finding[]): Finding | undefined {
  return findings
    .filter((finding) => finding.severity !== 'Info')
    .toSorted((a, b) => weight[b.severity] - weight[a.severity] || (a.id < b.id ? -1 : 1))[0];
}
