import { digestOf } from '../../../controller/evidence/canonical.ts';
import type { EvidenceBundle } from '../../../controller/evidence/bundle.ts';
import type { Cause, Diagnosis, Reasoner } from '../../../controller/reasoning/reasoner.ts';
import { findingId, idOf, scenario, targetOf, type ScenarioCause } from './scenario.ts';

/** Names the scenario's cause and fix at once. */
export const scriptedReasoner: Reasoner = {
  engine: scenario.diagnosis.engine,
  diagnose: (bundle) => Promise.resolve(diagnosisOf(bundle)),
};

function diagnosisOf(bundle: EvidenceBundle): Diagnosis {
  const { diagnosis: said, fix, predictionSeconds } = scenario;
  const service = bundle.symptom.node;
  const node = idOf(service, fix.node);
  return {
    engine: said.engine,
    bundleDigest: digestOf(bundle),
    verdict: 'Cause',
    rootCause: causeOf(service, said.cause),
    chain: said.chain.map((name) => idOf(service, name)),
    claims: said.claims.map(({ text, findings }) => ({ text, findings: idsOf(service, findings) })),
    gaps: [],
    fix: {
      action: fix.action,
      class: 'Infra',
      node,
      parameters: { memory: fix.memory },
      signature: `${fix.action} ${targetOf(service)} ${fix.direction}`,
      rationale: said.rationale,
    },
    predictions: scenario.findings
      .filter((finding) => finding.node === fix.node)
      .map(({ kind }) => ({ node, findingGone: kind, withinSeconds: predictionSeconds })),
    alternatives: said.alternatives.map((cause) => causeOf(service, cause)),
  };
}

function causeOf(service: string, { node, ...cause }: ScenarioCause): Cause {
  return { ...cause, node: idOf(service, node) };
}

function idsOf(service: string, nodes: readonly string[]): readonly string[] {
  return scenario.findings.filter(({ node }) => nodes.includes(node)).map((finding) => findingId(service, finding));
}
