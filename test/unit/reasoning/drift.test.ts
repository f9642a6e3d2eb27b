import { expect, it } from 'vitest';
import type { EvidenceBundle, NodeEvidence } from '../../../controller/evidence/bundle.ts';
import { canonicalJson } from '../../../controller/evidence/canonical.ts';
import { undeclaredDependency } from '../../../controller/evidence/undeclared.ts';
import { withDrift } from '../../../controller/topology/drift/drift.ts';
import type { Diagnosis } from '../../../controller/reasoning/reasoner.ts';
import { readRecording, recordingsFolder } from '../../faults/recording.ts';
import { diagnoseAgain } from '../../faults/replay.ts';
import { faults } from '../../lab/faults/catalogue.ts';

/** Every node tells of somebody whom no map names. */
function drifting(bundle: EvidenceBundle): EvidenceBundle {
  const nodes = bundle.nodes.map((evidence): NodeEvidence => ({
    ...evidence,
    peers: [{ name: 'mail.partner.io', port: 587, role: 'Called', by: 'Configuration', source: 'MAIL_URL' }],
  }));
  return { ...bundle, nodes: withDrift(bundle.graph, nodes) };
}

const told = ({ bundleDigest: _digest, ...rest }: Diagnosis): string => canonicalJson(rest);

it.each(faults.map(({ name }) => name))(
  'what is said of the map changes nothing about the diagnosis of %s',
  async (name) => {
    const recording = readRecording(recordingsFolder, name);
    for (const { diagnosis, ...question } of recording.diagnoses) {
      const bundle = drifting(question.bundle);
      const kinds = bundle.nodes.flatMap(({ findings }) => findings.map(({ kind }) => kind));
      expect(kinds).toContain(undeclaredDependency);
      expect(told(await diagnoseAgain({ ...question, bundle }, recording))).toBe(told(diagnosis));
    }
  },
);
