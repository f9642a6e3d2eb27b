import { canonicalJson } from '../evidence/canonical.ts';
import { present } from '../../skills/lib/reading.ts';
import type { Cause, Diagnosis } from '../reasoning/reasoner.ts';
import type { Diagnosed } from '../api/kinds.ts';
import { told } from './told.ts';

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
      : { rootCause: { node: rootCause.node, kind: rootCause.kind, summary: told(rootCause.summary) } }),
    chain: diagnosis.chain.slice(0, 30),
    claims: diagnosis.claims
      .slice(0, 30)
      .map(({ text, findings }) => ({ text: told(text), findings: findings.slice(0, 20) })),
    gaps: diagnosis.gaps.slice(0, 30).map((gap) => told(gap, 500)),
    ...(fix === undefined
      ? {}
      : {
          fix: {
            action: fix.action,
            class: fix.class,
            node: fix.node,
            parameters: canonicalJson(fix.parameters),
            signature: fix.signature,
            rationale: told(fix.rationale),
          },
        }),
    predictions: diagnosis.predictions.slice(0, 20).map((prediction) => ({ ...prediction })),
    alternatives: diagnosis.alternatives.slice(0, 10).map(alternative),
  };
}

function alternative(cause: Cause): NonNullable<Diagnosed['alternatives']>[number] {
  const { node, kind, summary, confidence } = cause;
  return { node, kind, summary: told(summary, 500), confidencePercent: percent(confidence) };
}

function percent(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 100);
}
