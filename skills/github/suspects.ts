import type { Change } from '../../controller/evidence/finding.ts';
import { namesCommit } from '../lib/ecs/names.ts';
import { isDefined, listOf, objectOf, textOf } from '../lib/reading.ts';

/** A commit of the base branch that may have brought the harm. */
export interface Suspect {
  readonly sha: string;
  readonly at: Date;
  readonly summary: string;
  readonly paths: readonly string[];
  /** The repository and branch it is on. */
  readonly where: { readonly repository?: string; readonly branch?: string };
}

/** What the running service was built from, as far as its deploys tell. */
export interface Deployed {
  readonly commit: string;
  readonly previous: string | undefined;
  readonly at: Date;
}

export interface Standing {
  /** Newest first. */
  readonly suspects: readonly Suspect[];
  readonly deployed: Deployed | undefined;
  readonly onset: Date | undefined;
  /** Other changes of the service between the newest suspect's deploy and the onset. */
  readonly closerChanges: number;
}

/** Clocks of a forge and of what measures the harm may differ by so much. */
const skewMs = 60_000;

/**
 * The commits that were running when the harm began, and were not when the service last ran another build.
 * @param running commits that are known to run now
 */
export function suspectsOf(
  changes: readonly Change[],
  onset: Date | undefined,
  running: readonly string[] = [],
): Standing {
  const before = changes.filter(({ at }) => onset === undefined || Date.parse(at) <= onset.getTime() + skewMs);
  const deployed = deployedOf(before);
  const commits = before
    .filter(({ kind }) => kind === 'Commit')
    .map(suspectOf)
    .filter(isDefined);
  const newestFirst = commits.toSorted((one, other) => other.at.getTime() - one.at.getTime());
  const ordered = everRun(newestFirst, [...running, ...deployedCommits(changes)]);
  const suspects = ordered.slice(...deployedRange(ordered, deployed)).filter(({ paths }) => paths.length > 0);
  const from = Math.max(suspects[0]?.at.getTime() ?? 0, deployed?.at.getTime() ?? 0);
  const closer = before.filter(
    ({ kind, at }) => (kind === 'Configuration' || kind === 'Schema') && Date.parse(at) > from + skewMs,
  );
  return { suspects, deployed, onset, closerChanges: closer.length };
}

/** Without what is newer than everything that is known to have run: it was never deployed. */
function everRun(newestFirst: readonly Suspect[], ran: readonly string[]): readonly Suspect[] {
  const newest = newestFirst.findIndex(({ sha }) => ran.some((commit) => namesCommit(commit, sha)));
  return newestFirst.slice(Math.max(newest, 0));
}

function deployedCommits(changes: readonly Change[]): readonly string[] {
  return changes
    .filter(({ kind }) => kind === 'Deploy')
    .map(({ facts }) => textOf(objectOf(facts)['commit']))
    .filter(isDefined);
}

/** Its paths are empty where there is nothing to take back: in a first commit, and where it touches nothing that runs. */
function suspectOf({ at, summary, facts: told }: Change): Suspect | undefined {
  const facts = objectOf(told);
  const sha = textOf(facts['sha']);
  if (sha === undefined) return undefined;
  const isFirst = Array.isArray(facts['parents']) && facts['parents'].length === 0;
  const repository = textOf(facts['repository']);
  const branch = textOf(facts['branch']);
  const paths = listOf(facts['files'])
    .map((file) => textOf(objectOf(file)['path']))
    .filter(isDefined);
  return {
    sha,
    summary,
    at: new Date(at),
    paths: isFirst || facts['touchesRunningCode'] === false ? [] : paths.length === 0 ? ['?'] : paths,
    where: { ...(repository === undefined ? {} : { repository }), ...(branch === undefined ? {} : { branch }) },
  };
}

/** The last deploy that names its commit. */
function deployedOf(changes: readonly Change[]): Deployed | undefined {
  const deploys = changes
    .filter(({ kind }) => kind === 'Deploy')
    .toSorted((one, other) => (one.at < other.at ? 1 : -1));
  for (const { facts, at } of deploys) {
    const commit = textOf(objectOf(facts)['commit']);
    const previous = textOf(objectOf(facts)['previousCommit']);
    if (commit !== undefined) return { commit, previous, at: new Date(at) };
  }
  return undefined;
}

/** From what is deployed (or, where that is a session's own commit, from what it replaced) to what was deployed before. */
function deployedRange(ordered: readonly Suspect[], deployed: Deployed | undefined): [number, number] {
  const now = ordered.findIndex(({ sha }) => namesCommit(deployed?.commit, sha));
  const before = ordered.findIndex(({ sha }) => namesCommit(deployed?.previous, sha));
  if (now < 0) return [Math.max(before, 0), ordered.length];
  return [now, before > now ? before : ordered.length];
}
