import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../controller/reasoning/reasoner.ts';
import { readRecording, recordingsFolder } from '../../faults/recording.ts';
import { diagnoseAgain } from '../../faults/replay.ts';
import { attacks } from '../../helpers/attacks/matrix.ts';
import { plantedIn } from '../../helpers/attacks/planted-evidence.ts';
import { faults } from '../../lab/faults/catalogue.ts';

/** The embedded engine reads no prose: whatever it says, the same is wrong and the same is done. */

/** All that decides what is done. */
function decided({ verdict, rootCause, chain, fix, predictions, alternatives }: Diagnosis): unknown {
  const causes = [...(rootCause === undefined ? [] : [rootCause]), ...alternatives];
  return {
    verdict,
    chain,
    predictions,
    causes: causes.map(({ node, kind, confidence }) => ({ node, kind, confidence })),
    fix: fix === undefined ? undefined : { ...fix, rationale: '' },
  };
}

describe.each(faults.map(({ name }, index) => [name, index] as const))('the evidence of %s', (name, index) => {
  it('is judged the same whatever is written in it', async () => {
    const recording = readRecording(recordingsFolder, name);
    const [attack] = attacks.slice(index % attacks.length);
    expect(recording.diagnoses.length).toBeGreaterThan(0);
    for (const { diagnosis, ...question } of recording.diagnoses) {
      const bundle = plantedIn(question.bundle, attack?.text ?? '');
      expect(JSON.stringify(bundle)).not.toBe(JSON.stringify(question.bundle));
      expect(decided(await diagnoseAgain({ ...question, bundle }, recording))).toEqual(decided(diagnosis));
    }
  });
});
