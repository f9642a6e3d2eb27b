import type { JsonObject } from '../../controller/api/json.ts';
import type { Change, Finding } from '../../controller/evidence/finding.ts';
import { isDefined, objectOf, textOf } from '../lib/reading.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../skill.ts';

/** A commit of the base branch that may have brought the harm. */
interface Suspect {
  readonly sha: string;
  readonly at: Date;
  readonly change: Change;
  readonly facts: JsonObject;
}

/** What the running service was built from, as far as its deploys tell. */
interface Deployed {
  readonly commit: string;
  readonly previous: string | undefined;
  readonly at: Date;
}

/** Clocks of a forge and of what measures the harm may differ by so much. */
const skewMs = 60_000;
const mostProposed = 3;
const dayMs = 86_400_000;

/**
 * Harm that began after a commit: the newest commits before its onset that touch what runs are taken back, the one that was
 * deployed before all others. A commit that never was deployed cannot have harmed what runs.
 */
export const revertRegression: Remedy = {
  id: 'github.revert-regression',
  forKinds: [
    'github.RecentCommits',
    'aws-ecs.OutOfMemory',
    'aws-ecs.ExitedNonZero',
    'aws-ecs.HealthCheckFailed',
    'aws-ecs.StartFailed',
    'aws-ecs.CircuitBreakerTripped',
    'aws-ecs.RolloutFailed',
  ],
  cause: 'github.CodeRegression',
  propose(context) {
    const onset = onsetOf(context.findings);
    if (onset === undefined) return [];
    const deployed = deployedOf(context.changes, onset);
    const suspects = suspectsOf(context, onset, deployed);
    return suspects.slice(0, mostProposed).map((suspect, rank) => proposal(suspect, { rank, onset, deployed }));
  },
};

/** When the earliest harm that a change could explain began; undefined without harm. */
function onsetOf(findings: readonly Finding[]): Date | undefined {
  const harm = findings.filter(({ severity, kind }) => severity !== 'Info' && !kind.startsWith('github'));
  if (harm.length === 0) return undefined;
  const times = harm
    .map(({ since }) => since)
    .filter(isDefined)
    .toSorted();
  return times[0] === undefined ? new Date(8.64e15) : new Date(times[0]);
}

function suspectsOf({ changes }: RemedyContext, onset: Date, deployed: Deployed | undefined): readonly Suspect[] {
  const commits = changes
    .filter(({ kind }) => kind === 'Commit')
    .map(suspectOf)
    .filter(isDefined);
  const ordered = commits
    .filter(({ at, facts }) => at.getTime() <= onset.getTime() + skewMs && facts['touchesRunningCode'] !== false)
    .toSorted((one, other) => other.at.getTime() - one.at.getTime());
  return ordered.slice(...deployedRange(ordered, deployed));
}

/** From what is deployed (or, where that is a session's own commit, from what it replaced) to what was deployed before. */
function deployedRange(ordered: readonly Suspect[], deployed: Deployed | undefined): [number, number] {
  const now = ordered.findIndex(({ sha }) => isSame(sha, deployed?.commit));
  const before = ordered.findIndex(({ sha }) => isSame(sha, deployed?.previous));
  if (now < 0) return [Math.max(before, 0), ordered.length];
  return [now, before > now ? before : ordered.length];
}

function suspectOf(change: Change): Suspect | undefined {
  const facts = objectOf(change.facts);
  const sha = textOf(facts['sha']);
  return sha === undefined ? undefined : { sha, at: new Date(change.at), change, facts };
}

/** The last deploy before the harm. */
function deployedOf(changes: readonly Change[], onset: Date): Deployed | undefined {
  const deploys = changes
    .filter(({ kind, at }) => kind === 'Deploy' && new Date(at).getTime() <= onset.getTime() + skewMs)
    .toSorted((one, other) => (one.at < other.at ? 1 : -1));
  for (const { facts, at } of deploys) {
    const commit = textOf(objectOf(facts)['commit']);
    const previous = textOf(objectOf(facts)['previousCommit']);
    if (commit !== undefined) return { commit, previous, at: new Date(at) };
  }
  return undefined;
}

function isSame(sha: string, commit: string | undefined): boolean {
  return commit !== undefined && commit.length >= 7 && sha.startsWith(commit);
}

interface Standing {
  /** 0 is the newest suspect. */
  readonly rank: number;
  readonly onset: Date;
  readonly deployed: Deployed | undefined;
}

function proposal({ sha, at, change, facts }: Suspect, standing: Standing): ProposedFix {
  const isDeployed = isSame(sha, standing.deployed?.commit);
  const old = standing.onset.getTime() < 8.64e15 && standing.onset.getTime() - at.getTime() > 7 * dayMs;
  const fitness =
    (0.45 + (isDeployed ? 0.25 : 0) + (standing.deployed === undefined ? 0.1 : 0)) *
    0.6 ** standing.rank *
    (old ? 0.5 : 1);
  const repository = textOf(facts['repository']);
  const branch = textOf(facts['branch']);
  return {
    action: 'github.revert-commit',
    parameters: {
      sha,
      ...(repository === undefined ? {} : { repository }),
      ...(branch === undefined ? {} : { branch }),
    },
    rationale: `${change.summary} came before the harm${isDeployed ? ' and is what was deployed' : ''}`.slice(0, 500),
    fitness: Math.round(fitness * 100) / 100,
  };
}
