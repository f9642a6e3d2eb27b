import { canonicalJson } from '../evidence/canonical.ts';
import { present } from '../../skills/lib/reading.ts';
import type { Cause, Diagnosis } from '../reasoning/reasoner.ts';
import type { Diagnosed } from '../api/kinds.ts';

/** A diagnosis as the status holds it, within the CRD's bounds. */
export function diagnosisStatus(diagnosis: Diagnosis): Diagnosed {
  const { rootCause, fix } = diagnosis;
  return {
    engine: diagnosis.engine,
    ...present({ model: diagnosis.model, promptVersion: diagnosis.promptVersion }),
    bundleDigest: diagnosis.bundleDigest,
    confidencePercent: percent(rootCause?.confidence ?? 0),
    ...(rootCause === undefined
      ? {}
      : { rootCause: { node: rootCause.node, kind: rootCause.kind, summary: rootCause.summary.slice(0, 1000) } }),
    chain: diagnosis.chain.slice(0, 30),
    claims: diagnosis.claims
      .slice(0, 30)
      .map(({ text, findings }) => ({ text: text.slice(0, 1000), findings: findings.slice(0, 20) })),
    gaps: diagnosis.gaps.slice(0, 30).map((gap) => gap.slice(0, 500)),
    ...(fix === undefined
      ? {}
      : {
          fix: {
            action: fix.action,
            class: fix.class,
            node: fix.node,
            parameters: canonicalJson(fix.parameters),
            signature: fix.signature,
            rationale: fix.rationale.slice(0, 1000),
          },
        }),
    predictions: diagnosis.predictions.slice(0, 20).map((prediction) => ({ ...prediction })),
    alternatives: diagnosis.alternatives.slice(0, 10).map(alternative),
  };
}

function alternative(cause: Cause): NonNullable<Diagnosed['alternatives']>[number] {
  const { node, kind, summary, confidence } = cause;
  return { node, kind, summary: summary.slice(0, 500), confidencePercent: percent(confidence) };
}

function percent(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 100);
}
