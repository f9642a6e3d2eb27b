import type { JsonObject } from '../../controller/api/json.ts';
import { numberOf, objectOf, textOf } from '../lib/reading.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../skill.ts';

/** The pipeline failed for a reason that another try may not meet. */
export const rerunFlaky: Remedy = {
  id: 'github-actions.rerun-flaky',
  forKinds: ['github-actions.RunFailed'],
  cause: 'github-actions.FlakyBuild',
  propose: (context) => failures(context).flatMap((facts) => rerun(facts)),
};

/** The commit with which the pipeline began to fail is taken back. */
export const revertBrokenBuild: Remedy = {
  id: 'github-actions.revert-broken-build',
  forKinds: ['github-actions.RunFailed', 'github-actions.DeployNeverReached'],
  cause: 'github-actions.BrokenBuild',
  propose(context) {
    const [facts] = failures(context);
    const sha = textOf(facts?.['firstFailedSha']);
    if (facts === undefined || sha === undefined) return [];
    const repository = textOf(facts['repository']);
    const branch = textOf(facts['branch']);
    const fitness = { Deterministic: 0.85, Transient: 0.25, Flaky: 0.1 }[textOf(facts['nature']) ?? ''] ?? 0.6;
    const step = textOf(facts['failedStep']);
    return [
      {
        action: 'github.revert-commit',
        parameters: {
          sha,
          ...(repository === undefined ? {} : { repository }),
          ...(branch === undefined ? {} : { branch }),
        },
        rationale: `the pipeline fails since ${sha.slice(0, 7)}${step === undefined ? '' : `, in ${step}`}: what was committed after the last good run never ran`,
        fitness,
      },
    ];
  },
};

/** What was committed last never met the pipeline, because somebody asked it to stay out: it is started by hand. */
export const dispatchSkipped: Remedy = {
  id: 'github-actions.dispatch-skipped',
  forKinds: ['github-actions.NeverRun'],
  cause: 'github-actions.PipelineSkipped',
  propose: ({ findings }) =>
    findings
      .filter(({ kind, severity }) => kind === 'github-actions.NeverRun' && severity !== 'Info')
      .flatMap(({ facts }) => {
        const sha = textOf(objectOf(facts)['sha']);
        if (sha === undefined) return [];
        const rationale = `${sha.slice(0, 7)} asked the pipeline to skip it, so it never ran`;
        return [{ action: 'github-actions.dispatch', parameters: { sha }, rationale, fitness: 0.8 }];
      }),
};

/** Facts of what failed; RunFailed knows more than DeployNeverReached, so it comes first. */
function failures({ findings }: RemedyContext): readonly JsonObject[] {
  const ofKind = (kind: string) =>
    findings.filter((finding) => finding.kind === kind).map(({ facts }) => objectOf(facts));
  return [...ofKind('github-actions.RunFailed'), ...ofKind('github-actions.DeployNeverReached')];
}

function rerun(facts: JsonObject): readonly ProposedFix[] {
  const runId = numberOf(facts['runId']);
  const runAttempt = numberOf(facts['runAttempt']);
  const nature = textOf(facts['nature']);
  if (runId === undefined || runAttempt === undefined || nature === undefined) return [];
  // Once: a second failure of the same commit is no accident.
  if (runAttempt > 1 && nature !== 'Flaky') return [];
  const fitness = nature === 'Flaky' ? 0.85 : nature === 'Transient' ? 0.7 : 0.1;
  const why =
    nature === 'Flaky'
      ? 'this commit has passed before'
      : nature === 'Transient'
        ? 'its errors are of the network or the runner'
        : 'it failed once only';
  return [
    {
      action: 'github-actions.rerun-failed',
      parameters: { runId, runAttempt },
      rationale: `run ${runId} failed, but ${why}`,
      fitness,
    },
  ];
}
