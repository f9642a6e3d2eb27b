import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../controller/evidence/canonical.ts';
import { limitsBy } from '../../../controller/reasoning/question.ts';
import { objectionsTo } from '../../../controller/reasoning/validate.ts';
import { reasoningFor } from '../../../controller/session/reasoning.ts';
import { disguised, essenceOf } from '../../faults/disguise.ts';
import { faults } from '../../lab/faults/catalogue.ts';
import { readRecording, recordingsFolder, type Recording } from '../../faults/recording.ts';
import { diagnoseAgain } from '../../faults/replay.ts';
import { problemsOf } from '../../faults/verdict.ts';
import { seeded } from '../../helpers/random.ts';
import { rename } from '../../helpers/renaming.ts';
import { decoyNames, illDecoy } from '../../lab/world/decoys.ts';
import { otherNames } from '../../lab/world/names.ts';

/** Live runs of all faults, under other names and among decoys: their diagnoses, made again from the evidence that they left. */

const seeds = [1, 2, 3, 4, 5];
/** As many as there were when the first were recorded. */
const fewestDecoys = 6;

describe.each(faults.map((fault) => [fault.name, fault] as const))('the diagnoses of %s', (name, fault) => {
  const recorded = (): Recording => readRecording(recordingsFolder, name);

  it('are the same to the byte when they are made again (`npm run record -- --rejudge` after a change that is meant)', async () => {
    const recording = recorded();
    expect(recording.fault).toBe(name);
    for (const { diagnosis, ...question } of recording.diagnoses) {
      expect(canonicalJson(await diagnoseAgain(question, recording))).toBe(canonicalJson(diagnosis));
    }
  });

  it('hold against the rules that every engine is held to', () => {
    const recording = recorded();
    const { actions } = reasoningFor(recording);
    for (const { diagnosis, allowed, ...question } of recording.diagnoses) {
      const action = (id: string) => actions.get(id)?.action;
      expect(objectionsTo(diagnosis, { ...question, limits: limitsBy(allowed), action })).toEqual([]);
    }
  });

  it('are those of an expert', () => {
    const diagnoses = recorded().diagnoses.map(({ diagnosis }) => diagnosis);
    expect(problemsOf(fault, diagnoses, otherNames)).toEqual([]);
  });

  it('are made among decoys, one of which is as ill as can be', () => {
    for (const { bundle } of recorded().diagnoses) {
      const listed = bundle.graph.nodes.map((node) => node.name);
      const decoy = bundle.nodes.find(({ node }) => node.endsWith(`/${illDecoy}`));
      expect(decoyNames.filter((decoyName) => listed.includes(decoyName)).length).toBeGreaterThanOrEqual(fewestDecoys);
      expect(decoy?.findings.map(({ severity }) => severity)).toContain('Critical');
    }
  });

  it.each(seeds)('are the same in whatever order and under whatever names (seed %i)', async (seed) => {
    const recording = recorded();
    for (const { diagnosis, ...question } of recording.diagnoses) {
      const { question: other, names } = disguised(question, seeded(seed));
      const again = await diagnoseAgain(other, recording);
      expect(essenceOf(again)).toEqual(rename(essenceOf(diagnosis), names));
    }
  });
});
