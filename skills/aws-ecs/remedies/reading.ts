import type { JsonObject } from '../../../controller/api/json.ts';
import type { Change, Finding } from '../../../controller/evidence/finding.ts';
import type { ContainerDifference } from '../../lib/container-difference.ts';
import { pathKind, type PathKind } from '../../lib/github/path-kind.ts';
import { listOf, numberOf, objectOf, textOf, textsOf } from '../../lib/reading.ts';
import type { RemedyContext } from '../../skill.ts';

/** A change of the task definition as the probe told it. */
export interface RevisionChange {
  readonly at: string;
  readonly taskDefinition: string;
  readonly previousTaskDefinition: string;
  readonly previousRevision: number;
  readonly imageChanged: boolean;
  /** The image holds other code; false where its commits are known and none touches any. */
  readonly codeChanged: boolean;
  readonly differences: readonly ContainerDifference[];
  /** Paths of what else differs. */
  readonly others: readonly string[];
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
    const read = readChange(change, context.changes);
    if (read !== undefined) byRevision.set(read.taskDefinition, read);
  }
  return [...byRevision.values()].toSorted(
    (a, b) => b.at.localeCompare(a.at) || b.previousRevision - a.previousRevision,
  );
}

function readChange(change: Change, all: readonly Change[]): RevisionChange | undefined {
  const facts = objectOf(change.facts);
  const taskDefinition = textOf(facts['taskDefinition']);
  const previousTaskDefinition = textOf(facts['previousTaskDefinition']);
  const previousRevision = numberOf(facts['previousRevision']);
  if (taskDefinition === undefined || previousTaskDefinition === undefined || previousRevision === undefined)
    return undefined;
  if (facts['byThreehops'] === true) return undefined;
  const differences = listOf(facts['differences']) as unknown as readonly ContainerDifference[];
  const imageChanged = differences.some((one) => one.image !== undefined);
  const codeChanged = imageChanged && !isConfigurationOnly(taskDefinition, all);
  const step = { taskDefinition, previousTaskDefinition, previousRevision };
  return { at: change.at, ...step, imageChanged, codeChanged, differences, others: textsOf(facts['others']) };
}

/** Does what lies between the two images leave all code as it was? Each commit makes an image of its own. */
function isConfigurationOnly(taskDefinition: string, all: readonly Change[]): boolean {
  const deploy = all.find(({ kind, facts }) => kind === 'Deploy' && facts?.['taskDefinition'] === taskDefinition);
  const commits = all.filter(({ kind }) => kind === 'Commit').toSorted((a, b) => positionOf(a) - positionOf(b));
  const from = indexOf(commits, deploy?.facts?.['commit']);
  const to = indexOf(commits, deploy?.facts?.['previousCommit']);
  return from >= 0 && to > from && commits.slice(from, to).every(touchesNoCode);
}

function indexOf(commits: readonly Change[], commit: unknown): number {
  if (typeof commit !== 'string' || commit.length < 7) return -1;
  return commits.findIndex(({ facts }) => textOf(facts?.['sha'])?.startsWith(commit) === true);
}

/** 0 is the branch's newest. */
function positionOf({ facts }: Change): number {
  return numberOf(facts?.['position']) ?? Number.MAX_SAFE_INTEGER;
}

const harmless: ReadonlySet<PathKind> = new Set(['Config', 'Docs', 'Test', 'Ci', 'Hook']);

function touchesNoCode({ facts }: Change): boolean {
  const paths = listOf(facts?.['files']).map((file) => textOf(objectOf(file)['path']));
  const complete = paths.length > 0 && paths.length === numberOf(facts?.['fileCount']);
  return complete && paths.every((path) => path !== undefined && harmless.has(pathKind(path)));
}

/** Keeps a fitness within what a remedy may claim. */
export function fitness(value: number): number {
  return Math.round(Math.min(0.95, Math.max(0.05, value)) * 100) / 100;
}
