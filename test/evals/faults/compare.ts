import { existsSync, readdirSync } from 'node:fs';
import type { Diagnosis } from '../../../controller/reasoning/reasoner.ts';
import { readRecording, RecordingUnusable, type Recording } from '../../faults/recording.ts';
import { scoreOf, type Score } from '../../faults/verdict.ts';
import { faultNamed } from '../../lab/faults/catalogue.ts';
import { otherNames } from '../../lab/world/names.ts';
import { shareOf, type Share } from '../shares.ts';
import type { Side } from './sides.ts';
import { NothingMeasured } from './summary.ts';

export interface SideFigures {
  readonly name: string;
  readonly causeAt1: Share;
  readonly causeAt3: Share;
  /** Of the recordings, those in which each diagnosis that must be right proposes a right repair, or none where none is to be had. */
  readonly rightFix: Share;
  readonly tokens: number;
  /** Recordings on which it gave no answer, each with the reason. */
  readonly failures: readonly string[];
}

export interface Difference {
  readonly fault: string;
  /** From 1: which of the session's diagnoses. */
  readonly diagnosis: number;
  readonly said: readonly [string, string];
}

export interface Comparison {
  readonly sides: readonly [SideFigures, SideFigures];
  /** Of the diagnoses, those with the same cause and the same repair. */
  readonly agreement: Share;
  readonly differences: readonly Difference[];
}

/** Recordings are made under other names; see `npm run record`. @throws RecordingUnusable, FaultUnusable */
export function recordingsIn(folder: string): readonly Recording[] {
  const ending = '.json.gz';
  if (!existsSync(folder)) throw new RecordingUnusable(`there is no folder ${folder}`);
  const names = readdirSync(folder).filter((file) => file.endsWith(ending));
  return names.toSorted().map((file) => readRecording(folder, file.slice(0, -ending.length)));
}

/** Reasons over the same questions with both. @throws NothingMeasured */
export async function compare(
  recordings: readonly Recording[],
  sides: readonly [Side, Side],
  signal: AbortSignal,
): Promise<Comparison> {
  if (recordings.length === 0) throw new NothingMeasured();
  const [first, second] = [
    await answersOf(sides[0], recordings, signal),
    await answersOf(sides[1], recordings, signal),
  ];
  const pairs = recordings.flatMap(({ fault, diagnoses }, at) =>
    diagnoses.map((_, index) => ({
      fault,
      diagnosis: index + 1,
      said: [essenceOf(first[at]?.diagnoses[index]), essenceOf(second[at]?.diagnoses[index])] as const,
    })),
  );
  const differences = pairs.filter(({ said: [one, other] }) => one !== other);
  return {
    sides: [figuresOf(sides[0], first), figuresOf(sides[1], second)],
    agreement: shareOf(pairs.length - differences.length, pairs.length),
    differences,
  };
}

interface Answers {
  readonly score: Score;
  readonly diagnoses: readonly Diagnosis[];
  readonly failure?: string;
}

async function answersOf(
  side: Side,
  recordings: readonly Recording[],
  signal: AbortSignal,
): Promise<readonly Answers[]> {
  const answers: Answers[] = [];
  for (const recording of recordings) answers.push(await answerOf(side, recording, signal));
  return answers;
}

/** One after the other: an engine that asks a model finds again what it was just told. */
async function answerOf(side: Side, recording: Recording, signal: AbortSignal): Promise<Answers> {
  const fault = faultNamed(recording.fault);
  const diagnoses: Diagnosis[] = [];
  try {
    for (const given of recording.diagnoses) diagnoses.push(await side.diagnose(given, recording, signal));
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return { score: scoreOf(fault, [], otherNames), diagnoses, failure: `${recording.fault}: ${why}` };
  }
  return { score: scoreOf(fault, diagnoses, otherNames), diagnoses };
}

function figuresOf(side: Side, answers: readonly Answers[]): SideFigures {
  const share = (hit: (score: Score) => boolean): Share =>
    shareOf(answers.filter(({ score }) => hit(score)).length, answers.length);
  return {
    name: side.name,
    causeAt1: share(({ place }) => place <= 1),
    causeAt3: share(({ place }) => place <= 3),
    rightFix: share(({ fixIsRight }) => fixIsRight),
    tokens: side.tokens(),
    failures: answers.flatMap(({ failure }) => failure ?? []),
  };
}

function essenceOf(diagnosis: Diagnosis | undefined): string {
  if (diagnosis === undefined) return 'no answer';
  const { verdict, rootCause, fix } = diagnosis;
  const repair = fix === undefined ? 'no repair' : `${fix.action} at ${fix.node}`;
  return rootCause === undefined ? verdict : `${rootCause.kind} at ${rootCause.node}, ${repair}`;
}
