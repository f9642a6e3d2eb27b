import type { Diagnosis } from '../../controller/reasoning/reasoner.ts';
import { reasoningFor } from '../../controller/session/reasoning.ts';
import { limitsBy, type Question } from '../../controller/reasoning/question.ts';
import type { Recording } from './recording.ts';

/** Asks the reasoner once more, as the operator has it wired, offline. */
export function diagnoseAgain(
  { bundle, memory, allowed }: Question,
  timings: Pick<Recording, 'predictionSeconds'>,
): Promise<Diagnosis> {
  const { reasoner } = reasoningFor(timings);
  return reasoner.diagnose(bundle, memory, limitsBy(allowed), new AbortController().signal);
}

/** The recording with the diagnoses that are made of its evidence today. */
export async function rejudged(recording: Recording): Promise<Recording> {
  const diagnoses = recording.diagnoses.map(async (question) => ({
    ...question,
    diagnosis: await diagnoseAgain(question, recording),
  }));
  return { ...recording, diagnoses: await Promise.all(diagnoses) };
}
