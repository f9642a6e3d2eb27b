import { createCausal } from '../../../controller/reasoning/causal.ts';
import type { Calibration } from '../../../controller/reasoning/calibration.ts';
import { limitsBy } from '../../../controller/reasoning/question.ts';
import type { Reasoner } from '../../../controller/reasoning/reasoner.ts';
import { reasoningFor } from '../../../controller/session/reasoning.ts';
import { readRecording, recordingsFolder, type Recording } from '../../faults/recording.ts';
import { seeded } from '../../helpers/random.ts';
import { faults } from '../../lab/faults/catalogue.ts';
import { isTrueCause, type Fault } from '../../lab/faults/fault.ts';
import { otherNames } from '../../lab/world/names.ts';
import { perturbations, repertoireOf, type Repertoire } from './perturbations.ts';

/** A cause that was named first, how surely, and whether it is a true one. */
export interface Named {
  readonly fault: string;
  readonly perturbation: string;
  readonly confidence: number;
  readonly isTrue: boolean;
}

interface Recorded {
  readonly fault: Fault;
  readonly recording: Recording;
}

/** Each recorded question of each fault under each perturbation; the same for the same recordings. */
export async function collect(calibration: Calibration): Promise<readonly Named[]> {
  const all = faults.map((fault) => ({ fault, recording: readRecording(recordingsFolder, fault.name) }));
  const repertoire = repertoireOf(all.flatMap(({ recording }) => recording.diagnoses.map(({ bundle }) => bundle)));
  const causal = createCausal(reasoningFor({ predictionSeconds: 0 }), undefined, calibration);
  const named: Named[] = [];
  for (const [index, recorded] of all.entries()) {
    named.push(...(await namedOf(recorded, causal, repertoire, seeded(index + 1))));
  }
  return named;
}

async function namedOf(
  { fault, recording }: Recorded,
  causal: Reasoner,
  repertoire: Repertoire,
  next: () => number,
): Promise<readonly Named[]> {
  const causes = fault.expected.causes(otherNames);
  const named: Named[] = [];
  for (const question of recording.diagnoses) {
    for (const { name, apply } of perturbations.flatMap((one) => Array.from({ length: one.times }, () => one))) {
      const { bundle, memory, allowed } = apply(question, next, repertoire);
      const { signal } = new AbortController();
      const { rootCause } = await causal.diagnose(bundle, memory, limitsBy(allowed), signal);
      if (rootCause === undefined) continue;
      const { confidence } = rootCause;
      named.push({ fault: fault.name, perturbation: name, confidence, isTrue: isTrueCause(causes, rootCause) });
    }
  }
  return named;
}
