import type { Change, Finding } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import type { Commit } from '../lib/github/commits.ts';
import { isFlaky, timesFailed, type History } from './history.ts';
import type { ReducedLog } from './log-reduction.ts';
import type { WorkflowNode } from './parameters.ts';
import type { Run } from './runs.ts';

/** What is known of why a run failed. */
export interface FailureDetail {
  readonly step: string | undefined;
  readonly log: ReducedLog;
}

/**
 * `Flaky`: the same commit has passed too. `Transient`: its error lines speak of the network or the runner.
 * `Deterministic`: it failed more than once, or for another reason than those.
 */
export type Nature = 'Flaky' | 'Transient' | 'Deterministic';

export interface Told {
  readonly nodeId: string;
  readonly node: WorkflowNode;
  readonly history: History;
  /** Every run that was read, of all branches. */
  readonly runs: readonly Run[];
}

export function natureOf(run: Run, runs: readonly Run[], { log }: FailureDetail): Nature {
  if (isFlaky(run.sha, runs)) return 'Flaky';
  return log.looksTransient && timesFailed(run.sha, runs) < 2 ? 'Transient' : 'Deterministic';
}

/** The branch's newest run failed, and ended in the window. */
export function runFailed({ nodeId, node, history, runs }: Told, run: Run, detail: FailureDetail): Finding {
  const nature = natureOf(run, runs, detail);
  const first = history.firstFailed ?? run;
  const times = timesFailed(run.sha, runs);
  return {
    id: findingId(nodeId, 'github-actions.RunFailed', node.workflow),
    node: nodeId,
    kind: 'github-actions.RunFailed',
    severity: 'Critical',
    summary:
      `${node.workflow} failed for ${run.sha.slice(0, 7)} on ${run.branch}${detail.step === undefined ? '' : ` in ${detail.step}`} (${nature}): ${detail.log.lines[0]?.sample ?? run.conclusion}`.slice(
        0,
        500,
      ),
    since: first.updatedAt.toISOString(),
    value: times,
    threshold: 0,
    unit: 'failed attempts',
    source: `actions_list list_workflow_runs ${node.name} ${node.workflow}; get_job_logs run ${run.id}`,
    facts: {
      ...runFacts(node, run),
      nature,
      failedStep: detail.step ?? null,
      firstFailedSha: first.sha,
      lastGoodSha: history.lastGood?.sha ?? null,
      failedRuns: history.failedSince.length,
      errorLines: detail.log.lines.slice(0, 8).map(({ sample }) => sample.slice(0, 200)),
    },
  };
}

/** What is committed never got to run: no later run, of this branch or of a session's, has succeeded since. */
export function deployNeverReached({ nodeId, node, history, runs }: Told, run: Run): readonly Finding[] {
  const replaced = runs.some(
    (one) => one.conclusion === 'success' && one.createdAt > run.createdAt && one.branch.startsWith('threehops/'),
  );
  if (!node.deploys || replaced) return [];
  const running = history.lastGood?.sha;
  return [
    {
      id: findingId(nodeId, 'github-actions.DeployNeverReached', node.workflow),
      node: nodeId,
      kind: 'github-actions.DeployNeverReached',
      severity: 'Warning',
      summary: `${run.sha.slice(0, 7)} is the newest of ${node.branch} but was never deployed; the last that was is ${running?.slice(0, 7) ?? 'not known'}`,
      since: (history.firstFailed ?? run).updatedAt.toISOString(),
      value: history.failedSince.length,
      threshold: 0,
      unit: 'runs without a deploy',
      source: `actions_list list_workflow_runs ${node.name} ${node.workflow}`,
      facts: { ...runFacts(node, run), runningSha: running ?? null, firstFailedSha: (history.firstFailed ?? run).sha },
    },
  ];
}

/** A commit of the window that failed once and passed once: the pipeline itself cannot be trusted. */
export function flakyRun({ nodeId, node, history, runs }: Told, from: Date): readonly Finding[] {
  const run = history.judged.find((one) => one.updatedAt >= from && isFlaky(one.sha, runs));
  if (run === undefined || history.newest?.conclusion !== 'success') return [];
  return [
    {
      id: findingId(nodeId, 'github-actions.FlakyRun', node.workflow),
      node: nodeId,
      kind: 'github-actions.FlakyRun',
      severity: 'Info',
      summary: `${node.workflow} both failed and passed for ${run.sha.slice(0, 7)}`,
      since: run.createdAt.toISOString(),
      source: `actions_list list_workflow_runs ${node.name} ${node.workflow}`,
      facts: runFacts(node, run),
    },
  ];
}

/** The words by which GitHub is asked in a commit's message to start nothing for it. */
const skipWords = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|^skip-checks: *true$/im;

/**
 * The branch's newest commit has no run. A Warning where its message asked for that; else the workflow may leave such commits out by
 * their paths, or the run is about to come, and it only explains.
 */
export function neverRun({ nodeId, node, runs, history }: Told, head: Commit | undefined): readonly Finding[] {
  if (!node.deploys || head === undefined || runs.some(({ sha }) => sha === head.sha)) return [];
  const skipped = skipWords.test(head.message);
  return [
    {
      id: findingId(nodeId, 'github-actions.NeverRun', node.workflow),
      node: nodeId,
      kind: 'github-actions.NeverRun',
      severity: skipped ? 'Warning' : 'Info',
      summary: `${node.workflow} has never run for ${head.sha.slice(0, 7)}, the newest commit of ${node.branch}${skipped ? ', which asked to be skipped' : ''}`,
      since: head.at.toISOString(),
      source: `list_commits ${node.name} ${node.branch}; actions_list list_workflow_runs ${node.workflow}`,
      facts: {
        repository: node.name,
        workflow: node.workflow,
        sha: head.sha,
        skipped,
        lastRunSha: history.newest?.sha ?? null,
      },
    },
  ];
}

function runFacts(node: WorkflowNode, run: Run) {
  const { id, attempt, sha, branch, url, conclusion, title } = run;
  return {
    repository: node.name,
    workflow: node.workflow,
    runId: id,
    runAttempt: attempt,
    sha,
    branch,
    url,
    conclusion,
    title: title.slice(0, 200),
  };
}

/** Runs that succeeded put their commit in the place of the one before: the latest five. */
export function deployChanges({ nodeId, node, history }: Told): readonly Change[] {
  const succeeded = history.judged.filter(({ conclusion }) => conclusion === 'success');
  if (!node.deploys) return [];
  return succeeded.slice(0, 5).map((run, index) => ({
    id: `${nodeId}:deploy:${run.id}`,
    node: nodeId,
    kind: 'Deploy',
    at: run.updatedAt.toISOString(),
    summary: `${node.workflow} deployed ${run.sha.slice(0, 7)}: ${run.title}`.slice(0, 500),
    source: `actions_list list_workflow_runs ${node.name} ${node.workflow}`,
    facts: { ...runFacts(node, run), commit: run.sha, previousCommit: succeeded[index + 1]?.sha ?? null },
  }));
}
