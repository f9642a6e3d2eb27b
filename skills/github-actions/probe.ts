import type { Finding, ProbeResult } from '../../controller/evidence/finding.ts';
import { GapList } from '../lib/gaps.ts';
import { listCommits } from '../lib/github/commits.ts';
import type { ProbeContext } from '../skill.ts';
import {
  deployChanges,
  deployNeverReached,
  flakyRun,
  neverRun,
  runFailed,
  type FailureDetail,
  type Told,
} from './findings.ts';
import { bad, historyOf } from './history.ts';
import { logTemplates, reduceLog } from './log-reduction.ts';
import { identity, readParameters } from './parameters.ts';
import { failedStep } from './run-for.ts';
import { failedLogs, listJobs, listRuns, type Run } from './runs.ts';

/**
 * How the release pipeline of the branch does. A failure counts in the window in which the run ended; that a commit was never
 * deployed counts for as long as nothing newer was. @throws ToolError when the runs cannot be listed.
 */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const { node, tools, window, signal } = context;
  const workflow = readParameters(node.with);
  const gaps = new GapList(node.id, signal);
  const { repository, branch } = workflow;
  const [own, all, [head]] = await Promise.all([
    listRuns(tools, workflow, { branch: workflow.branch }, signal),
    gaps.orGap('runs of other branches', listRuns(tools, workflow, {}, signal), []),
    gaps.orGap(
      'the newest commit',
      listCommits(tools, repository, { branch, until: window.to, perPage: 1 }, signal),
      [],
    ),
  ]);
  const runs = [...own, ...all.filter(({ id }) => own.every((one) => one.id !== id))];
  const told: Told = { nodeId: node.id, node: workflow, runs, history: historyOf(own, workflow.branch, window.to) };
  const failed =
    told.history.newest !== undefined && bad.has(told.history.newest.conclusion) ? told.history.newest : undefined;
  const detail = failed === undefined ? undefined : await detailOf(context, told, failed, gaps);
  const findings: Finding[] = [...flakyRun(told, window.from), ...neverRun(told, head)];
  if (failed !== undefined && detail !== undefined) {
    if (failed.updatedAt >= window.from) findings.push(runFailed(told, failed, detail));
    findings.push(...deployNeverReached(told, failed));
  }
  return {
    findings,
    series: [],
    changes: deployChanges(told),
    logTemplates: failed === undefined || detail === undefined ? [] : logTemplates(detail.log, failed.updatedAt),
    gaps: gaps.list(),
    identity: identity(node.with) ?? workflow.name,
  };
}

async function detailOf(
  { tools, signal }: ProbeContext,
  { node }: Told,
  run: Run,
  gaps: GapList,
): Promise<FailureDetail> {
  const [jobs, log] = await Promise.all([
    gaps.orGap(`jobs of run ${run.id}`, listJobs(tools, node.repository, run.id, signal), []),
    gaps.orGap(`log of run ${run.id}`, failedLogs(tools, node.repository, run.id, signal), ''),
  ]);
  return { step: failedStep(jobs), log: reduceLog(log) };
}
