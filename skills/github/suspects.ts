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
  /** Commits that the harm may be of any of: those that the last deploy brought, and the deploys that it followed closely. */
  readonly together: readonly string[];
  readonly onset: Date | undefined;
  /** Other changes of the service between the newest suspect's deploy and the onset. */
  readonly closerChanges: number;
}

/** Clocks of a forge and of what measures the harm may differ by so much. */
const skewMs = 60_000;
/** A rollout and the first errors of it take minutes: deploys closer than this to the next cannot be told apart by when the harm began. */
const togetherMs = 5 * 60_000;
/** But all of them within this. */
const longestMs = 15 * 60_000;

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
  const commits = before
    .filter(({ kind }) => kind === 'Commit')
    .map(suspectOf)
    .filter(isDefined);
  const newestFirst = commits.toSorted((one, other) => other.at.getTime() - one.at.getTime());
  const ordered = everRun(newestFirst, [...running, ...deployedCommits(changes)]);
  const deploys = togetherOf(deploysOf(before, ordered));
  const deployed = deploys[0];
  const { inRange, together } = deployedWith(ordered, deploys);
  const suspects = inRange.filter(({ paths }) => paths.length > 0);
  const from = Math.max(suspects[0]?.at.getTime() ?? 0, deployed?.at.getTime() ?? 0);
  const closer = before.filter(
    ({ kind, at }) => (kind === 'Configuration' || kind === 'Schema') && Date.parse(at) > from + skewMs,
  );
  return { suspects, deployed, together, onset, closerChanges: closer.length };
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

/** The deploys that name their commit, newest first; without a session's own, which are of no commit of the branch, where there are others. */
function deploysOf(changes: readonly Change[], ordered: readonly Suspect[]): readonly Deployed[] {
  const all = changes
    .filter(({ kind }) => kind === 'Deploy')
    .toSorted((one, other) => (one.at < other.at ? 1 : -1))
    .flatMap(({ facts, at }) => {
      const commit = textOf(objectOf(facts)['commit']);
      const previous = textOf(objectOf(facts)['previousCommit']);
      return commit === undefined ? [] : [{ commit, previous, at: new Date(at) }];
    });
  const ofBranch = all.filter(({ commit }) => ordered.some(({ sha }) => namesCommit(commit, sha)));
  return ofBranch.length > 0 ? ofBranch : all.slice(0, 1);
}

/** The newest and those before it that each were soon followed by the next. */
function togetherOf(deploys: readonly Deployed[]): readonly Deployed[] {
  const far = deploys.findIndex(({ at }, index) => {
    const next = deploys[index - 1];
    const isLong = (deploys[0]?.at.getTime() ?? 0) - at.getTime() > longestMs;
    return next !== undefined && (isLong || next.at.getTime() - at.getTime() > togetherMs);
  });
  return far < 0 ? deploys : deploys.slice(0, far);
}

/** From what is deployed (or, where that is a session's own commit, from what it replaced) to what was deployed before. */
function deployedWith(
  ordered: readonly Suspect[],
  deploys: readonly Deployed[],
): { readonly inRange: readonly Suspect[]; readonly together: readonly string[] } {
  const placeOf = (commit: string | undefined): number => ordered.findIndex(({ sha }) => namesCommit(commit, sha));
  const now = placeOf(deploys[0]?.commit);
  const oldest = Math.max(now, ...deploys.map(({ commit }) => placeOf(commit)));
  const before = Math.max(-1, ...deploys.map(({ previous }) => placeOf(previous)));
  if (now >= 0 && before > oldest) {
    const brought = ordered.slice(now, before);
    return { inRange: brought, together: brought.map(({ sha }) => sha) };
  }
  return { inRange: ordered.slice(Math.max(now < 0 ? before : now, 0)), together: deploys.map(({ commit }) => commit) };
}
