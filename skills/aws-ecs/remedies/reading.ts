import type { JsonObject } from '../../../controller/api/json.ts';
import type { Change, Finding } from '../../../controller/evidence/finding.ts';
import type { ContainerDifference } from '../../lib/ecs/difference.ts';
import { listOf, numberOf, objectOf, textOf } from '../../lib/reading.ts';
import type { RemedyContext } from '../../skill.ts';

/** A change of the task definition as the probe told it. */
export interface RevisionChange {
  readonly at: string;
  readonly taskDefinition: string;
  readonly previousTaskDefinition: string;
  readonly previousRevision: number;
  readonly imageChanged: boolean;
  readonly differences: readonly ContainerDifference[];
}

/** Findings of these reasons, those of the newest revision first. */
export function findingsOf(context: RemedyContext, ...reasons: readonly string[]): readonly Finding[] {
  const wanted = new Set(reasons.map((reason) => `aws-ecs.${reason}`));
  return context.findings
    .filter((finding) => wanted.has(finding.kind))
    .toSorted((a, b) => revisionIn(b.facts) - revisionIn(a.facts));
}

function revisionIn(facts: JsonObject | undefined): number {
  return numberOf(facts?.['revision']) ?? 0;
}

/** Changes of revisions that are not our own acts, newest first; one entry a revision. */
export function revisionChangesOf(context: RemedyContext): readonly RevisionChange[] {
  const byRevision = new Map<string, RevisionChange>();
  for (const change of context.changes) {
    const read = readChange(change);
    if (read !== undefined) byRevision.set(read.taskDefinition, read);
  }
  return [...byRevision.values()].toSorted(
    (a, b) => b.at.localeCompare(a.at) || b.previousRevision - a.previousRevision,
  );
}

function readChange(change: Change): RevisionChange | undefined {
  const facts = objectOf(change.facts);
  const taskDefinition = textOf(facts['taskDefinition']);
  const previousTaskDefinition = textOf(facts['previousTaskDefinition']);
  const previousRevision = numberOf(facts['previousRevision']);
  if (taskDefinition === undefined || previousTaskDefinition === undefined || previousRevision === undefined)
    return undefined;
  if (facts['byThreehops'] === true) return undefined;
  const differences = listOf(facts['differences']) as unknown as readonly ContainerDifference[];
  const imageChanged = differences.some((one) => one.image !== undefined);
  return { at: change.at, taskDefinition, previousTaskDefinition, previousRevision, imageChanged, differences };
}

/** Keeps a fitness within what a remedy may claim. */
export function fitness(value: number): number {
  return Math.round(Math.min(0.95, Math.max(0.05, value)) * 100) / 100;
}
