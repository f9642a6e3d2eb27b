import type { Finding } from '../../controller/evidence/finding.ts';
import { namesCommit } from '../lib/ecs/names.ts';
import { programHarm } from '../lib/harm.ts';
import { isDefined, textOf } from '../lib/reading.ts';
import type { ProposedFix, Remedy } from '../skill.ts';
import { suspectsOf, type Standing, type Suspect } from './suspects.ts';

const mostProposed = 5;
/** What is left to each commit further back: less where it was deployed long before the last one. */
const further = { together: 0.85, before: 0.6 };
const dayMs = 86_400_000;

/**
 * Harm that began after a commit: the newest commits before its onset that touch what runs are taken back, the one that was
 * deployed before all others. A commit that never was deployed cannot have harmed what runs. The harm may show at what the service
 * uses: in a queue whose messages nobody can handle any more, in a cache where it looks for what nobody keeps.
 */
export const revertRegression: Remedy = {
  id: 'github.revert-regression',
  forKinds: [
    'github.RecentCommits',
    'aws-ecs.OutOfMemory',
    'aws-ecs.ExitedNonZero',
    'aws-ecs.ExitedZero',
    'aws-ecs.HealthCheckFailed',
    'aws-ecs.StartFailed',
    'aws-ecs.CircuitBreakerTripped',
    'aws-ecs.RolloutFailed',
    ...programHarm,
    'load-test.UiStepFailed',
    'load-test.ConsoleErrors',
    'load-test.RequestsFailed',
    'aws-sqs.DeadLettersGrowing',
    'redis.HitRatioLow',
  ],
  cause: 'github.CodeRegression',
  takesBack: true,
  propose({ findings, changes }) {
    const harm = findings.filter(({ severity, kind }) => severity !== 'Info' && !kind.startsWith('github'));
    if (harm.length === 0) return [];
    const standing = suspectsOf(changes, onsetOf(harm), running(findings));
    const traced = harm.map(({ facts }) => textOf(facts?.['file'])).filter(isDefined);
    return standing.suspects
      .slice(0, mostProposed)
      .map((suspect, rank) => proposal(suspect, standing, rank, traced))
      .toSorted((one, other) => other.fitness - one.fitness);
  },
};

/** The commits that compute says it runs now. */
function running(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ kind }) => kind === 'aws-ecs.RunningBuild')
    .map(({ facts }) => textOf(facts?.['commit']))
    .filter(isDefined);
}

/** When the earliest of the harm began; undefined where nothing tells. */
function onsetOf(harm: readonly Finding[]): Date | undefined {
  const [first] = harm
    .map(({ since }) => since)
    .filter(isDefined)
    .toSorted();
  return first === undefined ? undefined : new Date(first);
}

function proposal(suspect: Suspect, standing: Standing, rank: number, traced: readonly string[]): ProposedFix {
  const isDeployed = namesCommit(standing.deployed?.commit, suspect.sha);
  const isTogether = standing.together.some((commit) => namesCommit(commit, suspect.sha));
  const isTraced = suspect.paths.some((path) => traced.some((file) => file.endsWith(`/${path}`) || file === path));
  const back = further[isTogether ? 'together' : 'before'] ** rank;
  const fitness = (base(standing, isTogether) + (isTraced ? 0.15 : 0)) * back * doubt(suspect, standing);
  const why = [
    isDeployed ? 'it is what was deployed' : isTogether ? 'it was deployed together with the last one' : undefined,
    isTraced ? 'the errors come from a file that it changed' : undefined,
  ];
  const reasons = ['it came before the harm', ...why.filter(isDefined)].join(', ');
  return {
    action: 'github.revert-commit',
    parameters: { sha: suspect.sha, ...suspect.where },
    rationale: `revert ${suspect.summary}: ${reasons}`.slice(0, 500),
    fitness: Math.round(Math.min(1, fitness) * 100) / 100,
  };
}

/** Knowing what was deployed makes surer of it, and less sure of anything else. */
function base({ deployed }: Standing, isDeployed: boolean): number {
  if (isDeployed) return 0.7;
  return deployed === undefined ? 0.55 : 0.45;
}

/** A change that came later is the likelier cause, and what ran well for days hardly is one. */
function doubt({ at }: Suspect, { onset, deployed, closerChanges }: Standing): number {
  const since = (onset?.getTime() ?? 0) - Math.max(at.getTime(), deployed?.at.getTime() ?? 0);
  const age = since > 7 * dayMs ? 0.4 : since > dayMs ? 0.7 : 1;
  return age * (closerChanges > 0 ? 0.6 : 1);
}
