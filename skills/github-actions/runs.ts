import type { Json } from '../../controller/api/json.ts';
import { allPages } from '../lib/github/pages.ts';
import type { Repository } from '../lib/github/repository.ts';
import { isDefined, listOf, numberOf, objectOf, textOf, timeOf } from '../lib/reading.ts';
import type { Tools } from '../skill.ts';

/** A matrix makes at most 256 jobs, and a workflow may have several. */
const mostJobPages = 10;

export interface Run {
  readonly id: number;
  readonly number: number;
  readonly attempt: number;
  readonly sha: string;
  readonly branch: string;
  readonly title: string;
  /** queued, in_progress, completed, ... in GitHub's words. */
  readonly status: string;
  /** success, failure, cancelled, ...; empty until it is completed. */
  readonly conclusion: string;
  readonly url: string;
  readonly createdAt: Date;
  /** When it was last seen to change; of a completed run, when it ended. */
  readonly updatedAt: Date;
}

export interface Step {
  readonly name: string;
  readonly conclusion: string;
}

export interface Job extends Step {
  readonly id: number;
  readonly steps: readonly Step[];
}

/** The newest runs of a workflow, newest first, at most 50. */
export async function listRuns(
  tools: Tools,
  { repository, workflow }: { readonly repository: Repository; readonly workflow: string },
  filter: { readonly branch?: string },
  signal: AbortSignal,
): Promise<readonly Run[]> {
  const args = {
    ...repository,
    method: 'list_workflow_runs',
    resource_id: workflow,
    perPage: 50,
    ...(filter.branch === undefined ? {} : { workflow_runs_filter: { branch: filter.branch } }),
  };
  const answer = objectOf(await tools.call('actions_list', args, signal));
  // Older servers answer GitHub's own object, newer ones put it under the method's name.
  const nested = objectOf(answer['workflow_runs'])['workflow_runs'];
  const runs = listOf(nested ?? answer['workflow_runs'])
    .map(readRun)
    .filter(isDefined);
  return runs.toSorted((one, other) => other.number - one.number);
}

/** @throws TypeError when the answer is no run. */
export async function getRun(tools: Tools, repository: Repository, id: number, signal: AbortSignal): Promise<Run> {
  const args = { ...repository, method: 'get_workflow_run', resource_id: String(id) };
  const answer = objectOf(await tools.call('actions_get', args, signal));
  const run = readRun(answer['workflow_run'] ?? answer);
  if (run === undefined) throw new TypeError(`actions_get answered no run ${id}`);
  return run;
}

export async function listJobs(
  tools: Tools,
  repository: Repository,
  runId: number,
  signal: AbortSignal,
): Promise<readonly Job[]> {
  const args = { ...repository, method: 'list_workflow_jobs', resource_id: String(runId) };
  const jobs = await allPages('jobs', mostJobPages, async (page) => {
    const answer = objectOf(await tools.call('actions_list', { ...args, ...page }, signal));
    return listOf(objectOf(answer['workflow_jobs'] ?? answer['jobs'])['jobs']);
  });
  return jobs.map(readJob).filter(isDefined);
}

/** The last lines of the log of every failed job of a run. */
export async function failedLogs(
  tools: Tools,
  repository: Repository,
  runId: number,
  signal: AbortSignal,
): Promise<string> {
  const args = { ...repository, run_id: runId, failed_only: true, return_content: true, tail_lines: 500 };
  const answer = objectOf(await tools.call('get_job_logs', args, signal));
  return listOf(answer['logs'])
    .map((log) => textOf(objectOf(log)['logs_content']) ?? '')
    .join('\n');
}

function readRun(value: Json): Run | undefined {
  const run = objectOf(value);
  const id = numberOf(run['id']);
  const sha = textOf(run['head_sha']);
  const createdAt = timeOf(run['created_at']);
  if (id === undefined || sha === undefined || createdAt === undefined) return undefined;
  return {
    id,
    sha,
    createdAt,
    number: numberOf(run['run_number']) ?? id,
    attempt: numberOf(run['run_attempt']) ?? 1,
    branch: textOf(run['head_branch']) ?? '',
    title: textOf(run['display_title']) ?? '',
    status: textOf(run['status']) ?? '',
    conclusion: textOf(run['conclusion']) ?? '',
    url: textOf(run['html_url']) ?? '',
    updatedAt: timeOf(run['updated_at']) ?? createdAt,
  };
}

function readJob(value: Json): Job | undefined {
  const job = objectOf(value);
  const id = numberOf(job['id']);
  return id === undefined ? undefined : { id, ...readStep(job), steps: listOf(job['steps']).map(readStep) };
}

function readStep(value: Json): Step {
  const step = objectOf(value);
  return { name: textOf(step['name']) ?? '', conclusion: textOf(step['conclusion']) ?? '' };
}
