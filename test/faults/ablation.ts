import type { EvidenceBundle, NodeEvidence } from '../../controller/evidence/bundle.ts';
import { supposedWords } from '../../controller/reasoning/diagnose.ts';
import { skills } from '../../skills/catalogue.ts';
import { skill as commitPush } from '../../skills/commit-push/skill.ts';
import { faults } from '../lab/faults/catalogue.ts';
import type { Fault } from '../lab/faults/fault.ts';
import { otherNames, type WorldNames } from '../lab/world/names.ts';
import type { Answered, Question } from '../../controller/reasoning/question.ts';
import { readRecording, recordingsFolder, type Recording } from './recording.ts';
import { diagnoseAgain } from './replay.ts';
import { problemsOf } from './verdict.ts';

/** The question as it would have been without a skill: its nodes not looked at, what it does not to be had. */
export function withoutSkill({ bundle, memory, allowed }: Question, skill: string): Question {
  const kept = Object.entries(allowed).filter(([action]) => !needs(action, skill));
  return { bundle: unseenBy(bundle, skill), memory, allowed: Object.fromEntries(kept) };
}

const actionsOfCode = new Set(
  skills.flatMap(({ actions }) => actions.filter((one) => one.class === 'Code')).map(({ id }) => id),
);

/** An edit is nothing before it is pushed. */
function needs(action: string, skill: string): boolean {
  return action.startsWith(`${skill}.`) || (skill === commitPush.id && actionsOfCode.has(action));
}

function unseenBy(bundle: EvidenceBundle, skill: string): EvidenceBundle {
  const unseen = new Set(bundle.graph.nodes.filter((node) => node.skill === skill).map(({ id }) => id));
  return { ...bundle, nodes: bundle.nodes.map((evidence) => (unseen.has(evidence.node) ? blank(evidence) : evidence)) };
}

function blank({ node, tookMs }: NodeEvidence): NodeEvidence {
  const gaps = [{ node, what: 'the whole node', reason: 'there is no such skill' }];
  return { node, health: 'Unknown', findings: [], series: [], changes: [], logTemplates: [], gaps, tookMs };
}

/** Why the fault is no longer diagnosed as an expert would, from the stored evidence without a skill; empty where it still is. */
export async function problemsWithout(
  skill: string,
  fault: Fault,
  recording: Recording,
  names: WorldNames,
): Promise<readonly string[]> {
  const again = (question: Answered) => diagnoseAgain(withoutSkill(question, skill), recording);
  const diagnoses = await Promise.all(recording.diagnoses.map(again));
  const supposed = diagnoses.filter(({ gaps }) => gaps.some((gap) => gap.endsWith(supposedWords)));
  return [...problemsOf(fault, diagnoses, names), ...supposed.map(() => 'its cause is only supposed')];
}

/** Where nothing is wrong, not having looked everywhere is enough to spoil it: such faults tell of no skill. */
const telling = faults.filter(({ expected }) => expected.outcome !== 'NoFaultFound');

/** Read when they are first asked for: each skill is tried on all of them. */
let recordings: ReadonlyMap<Fault, Recording> | undefined;

/** The recorded faults that are no longer diagnosed without a skill. */
export async function lostWithout(skill: string): Promise<readonly string[]> {
  recordings ??= new Map(telling.map((fault) => [fault, readRecording(recordingsFolder, fault.name)]));
  const lost: string[] = [];
  for (const [fault, recording] of recordings) {
    const problems = await problemsWithout(skill, fault, recording, otherNames);
    if (problems.length > 0) lost.push(fault.name);
  }
  return lost;
}

/** As it stands in docs/faults.md. */
export function rowOf(skill: string, lost: readonly string[]): string {
  return `| \`${skill}\` | ${lost.toSorted().join(', ') || '-'} |`;
}
