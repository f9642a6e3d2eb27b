import type { NodeEvidence } from '../../controller/evidence/bundle.ts';
import type { Series } from '../../controller/evidence/finding.ts';

/** What a probe would have told that reads series alone: without any, the node was not seen, which does not exonerate it. */
export function seenBy(node: string, series: readonly Series[], source: string): NodeEvidence {
  const gaps = series.length === 0 ? [{ node, what: 'its metrics', reason: `nothing in ${source}` }] : [];
  const health = series.length === 0 ? 'Unknown' : 'Healthy';
  return { node, health, findings: [], series, changes: [], logTemplates: [], gaps, tookMs: 0 };
}
