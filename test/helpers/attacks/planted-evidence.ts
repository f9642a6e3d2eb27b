import type { EvidenceBundle, NodeEvidence } from '../../../controller/evidence/bundle.ts';
import type { LogTemplate } from '../../../controller/evidence/finding.ts';

/** The same evidence with words of others wherever it has prose: after what stands there, as whoever writes a log or a commit can add some. */
export function plantedIn(bundle: EvidenceBundle, words: string): EvidenceBundle {
  const more = (text: string): string => `${text} ${words}`;
  const { symptom, nodes, leftOut } = bundle;
  return {
    ...bundle,
    symptom: { ...symptom, description: more(symptom.description), labels: { runbook: words } },
    leftOut: leftOut.map((gap) => ({ ...gap, reason: more(gap.reason) })),
    nodes: nodes.map((node) => withWords(node, more)),
  };
}

function withWords(node: NodeEvidence, more: (text: string) => string): NodeEvidence {
  return {
    ...node,
    findings: node.findings.map((one) => ({ ...one, summary: more(one.summary), source: more(one.source) })),
    changes: node.changes.map((one) => ({ ...one, summary: more(one.summary), source: more(one.source) })),
    logTemplates: [
      ...node.logTemplates.map((one) => ({ ...one, template: more(one.template), sample: more(one.sample) })),
      shouted(more('')),
    ],
    series: node.series.map((one) => ({ ...one, source: more(one.source) })),
    gaps: node.gaps.map((gap) => ({ ...gap, reason: more(gap.reason) })),
  };
}

/** A line of its own, louder than any other. */
function shouted(text: string): LogTemplate {
  const [firstAt, lastAt] = ['2020-01-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z'];
  return { template: text, level: 'Error', count: 100_000, firstAt, lastAt, sample: text };
}
