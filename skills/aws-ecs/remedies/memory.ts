import type { JsonObject } from '../../../controller/api/json.ts';
import type { Finding } from '../../../controller/evidence/finding.ts';
import { listOf, numberOf, objectOf, textOf } from '../../lib/reading.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../../skill.ts';
import { limitsOf } from '../parameters.ts';
import { findingsOf, fitness, revisionChangesOf } from './reading.ts';

/** A task that dies sooner than this has not got past its start. */
const startSeconds = 20;

/** The limit is too low for a healthy program: give it more. */
export const raiseMemory: Remedy = {
  id: 'aws-ecs.raise-memory',
  forKinds: ['aws-ecs.OutOfMemory'],
  cause: 'aws-ecs.MemoryTooLow',
  propose(context) {
    const finding = findingsOf(context, 'OutOfMemory')[0];
    const memory = numberOf(finding?.facts?.['memory']);
    if (finding === undefined || memory === undefined) return [];
    const most = limitsOf(context.node.with).maxMemory;
    const before = memoryBefore(context, finding);
    const wanted = Math.min(most, usualSize(wantedMemory(memory, before, finding)));
    return wanted <= memory ? [] : [proposal(context, finding, { memory, before, wanted })];
  },
};

interface Sizes {
  readonly memory: number;
  readonly before: number | undefined;
  readonly wanted: number;
}

function proposal(context: RemedyContext, finding: Finding, { memory, before, wanted }: Sizes): ProposedFix {
  const container = textOf(finding.facts?.['container']);
  const parameters: JsonObject = { memory: wanted, ...(container === undefined ? {} : { container }) };
  const lowered = before !== undefined && before > memory;
  const why = lowered ? `it had ${before} MiB before` : 'it needs more than it is given';
  return {
    action: 'aws-ecs.update-task-definition',
    parameters,
    rationale: `${container ?? 'the container'} is killed at its limit of ${memory} MiB, and ${why}: give it ${wanted} MiB`,
    fitness: fitness(0.5 + evidenceFor(context, finding, lowered)),
  };
}

/**
 * What speaks for a limit that is too low, and against a leak: it was lowered; usage settles; the program dies while it
 * starts. Against: usage rises without end; a new image came with the kills.
 */
function evidenceFor(context: RemedyContext, finding: Finding, lowered: boolean): number {
  const shape = objectOf(finding.facts?.['use'])['shape'];
  const newImage = revisionChangesOf(context).some(
    (change) => change.taskDefinition === finding.facts?.['taskDefinition'] && change.imageChanged,
  );
  return (
    (lowered ? 0.4 : 0) +
    (shape === 'Plateau' ? 0.2 : 0) -
    (shape === 'Rising' ? 0.25 : 0) +
    (diesAtStart(finding) ? 0.15 : 0) -
    (newImage && !lowered ? 0.1 : 0)
  );
}

function diesAtStart(finding: Finding): boolean {
  const alive = listOf(finding.facts?.['aliveSeconds']).map((one) => numberOf(one) ?? 0);
  return finding.facts?.['everSteady'] !== true && alive.every((seconds) => seconds < startSeconds);
}

/** Twice as much; four times where it dies before it ever was up; never less than it had when it last did well. */
function wantedMemory(memory: number, before: number | undefined, finding: Finding): number {
  return Math.max(memory * (diesAtStart(finding) ? 4 : 2), before ?? 0);
}

function memoryBefore(context: RemedyContext, finding: Finding): number | undefined {
  const change = revisionChangesOf(context).find((one) => one.taskDefinition === finding.facts?.['taskDefinition']);
  const difference = change?.differences.find((one) => one.container === finding.facts?.['container']);
  return difference?.memory?.from ?? undefined;
}

/** Powers of two up to 1 GiB, whole GiB above: the sizes that people and Fargate use. */
export function usualSize(memory: number): number {
  if (memory > 1024) return Math.ceil(memory / 1024) * 1024;
  return 2 ** Math.ceil(Math.log2(Math.max(memory, 4)));
}
