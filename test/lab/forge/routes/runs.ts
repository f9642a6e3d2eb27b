import { concludeRun } from '../actions/attempt.ts';
import { type Answer, notFound, ok } from '../http/answer.ts';
import { counted } from '../http/pages.ts';
import { numberParam, type RepositoryRequest } from '../http/request.ts';
import { read, type Route, write } from '../http/route.ts';
import { jobShape, runShape } from '../shapes/run.ts';
import type { Job, Run } from '../world/run.ts';
import { workflowOf } from './workflows.ts';

export const runRoutes: readonly Route[] = [
  read('/actions/runs', (request) => listRuns(request, request.repository.runs)),
  read('/actions/workflows/{workflow_id}/runs', async (request) => {
    const workflow = await workflowOf(request);
    return listRuns(
      request,
      request.repository.runs.filter((run) => run.workflow === workflow),
    );
  }),
  read('/actions/runs/{run_id}', async (request) =>
    ok(await runShape(request.world, request.repository, runOf(request))),
  ),
  read('/actions/runs/{run_id}/attempts/{attempt_number}', async (request) => {
    const run = runOf(request);
    const attempt = numberParam(request, 'attempt_number');
    if (attempt < 1 || attempt > run.attempt) throw notFound();
    return ok(await runShape(request.world, request.repository, attempt === run.attempt ? run : earlier(run, attempt)));
  }),
  read('/actions/runs/{run_id}/jobs', (request) => {
    const { jobs, attempt } = runOf(request);
    const all = request.query.get('filter') === 'all';
    return listJobs(request, all ? jobs : jobs.filter((job) => job.attempt === attempt));
  }),
  read('/actions/runs/{run_id}/attempts/{attempt_number}/jobs', (request) => {
    const attempt = numberParam(request, 'attempt_number');
    return listJobs(
      request,
      runOf(request).jobs.filter((job) => job.attempt === attempt),
    );
  }),
  read('/actions/jobs/{job_id}', (request) => {
    const { run, job } = jobOf(request);
    return ok(jobShape(request.world, request.repository, run, job));
  }),
  write('rerun', 'POST', '/actions/runs/{run_id}/rerun', (request) => rerun(request, 'all')),
  write('rerun', 'POST', '/actions/runs/{run_id}/rerun-failed-jobs', (request) => rerun(request, 'failed')),
  write('cancel', 'POST', '/actions/runs/{run_id}/cancel', (request) => {
    request.actions.cancel(runOf(request));
    return { status: 202, body: {} };
  }),
];

export function runOf(request: RepositoryRequest): Run {
  const id = numberParam(request, 'run_id');
  const run = request.repository.runs.find((one) => one.id === id);
  if (run === undefined) throw notFound();
  return run;
}

export function jobOf(request: RepositoryRequest): { run: Run; job: Job } {
  const id = numberParam(request, 'job_id');
  for (const run of request.repository.runs) {
    const job = run.jobs.find((one) => one.id === id);
    if (job !== undefined) return { run, job };
  }
  throw notFound();
}

/** A run as it was after an earlier attempt. */
function earlier(run: Run, attempt: number): Run {
  const jobs = run.jobs.filter((job) => job.attempt === attempt);
  const startedAt = jobs[0]?.createdAt ?? run.createdAt;
  return { ...run, attempt, startedAt, status: 'completed', conclusion: concludeRun(jobs) };
}

/** Newest first. `status` may be a status or a conclusion, as on GitHub. */
function listRuns(request: RepositoryRequest, runs: readonly Run[]): Promise<Answer> {
  const { world, repository, query } = request;
  const wants = (name: string, ...values: (string | null)[]): boolean =>
    !query.has(name) || values.includes(query.get(name));
  const found = runs.filter(
    (run) =>
      wants('branch', run.headBranch) &&
      wants('head_sha', run.headSha) &&
      wants('event', run.event) &&
      wants('actor', run.actor) &&
      wants('status', run.status, run.conclusion) &&
      wants('check_suite_id', String(run.checkSuiteId)) &&
      createdWithin(query.get('created'), run.createdAt),
  );
  return counted(request, 'workflow_runs', found.toReversed(), (run) => runShape(world, repository, run));
}

/** `created` as GitHub's search has it: `>=T`, `>T`, `<=T`, `<T`, `A..B`, or a day. */
function createdWithin(range: string | null, at: string): boolean {
  if (range === null) return true;
  const [from = '', to] = range.split('..', 2);
  if (to !== undefined) return (from === '*' || at >= from) && (to === '*' || at.slice(0, to.length) <= to);
  const [, operator, bound = ''] = /^(>=|<=|>|<)?(.*)$/.exec(range) ?? [];
  const shown = at.slice(0, bound.length);
  switch (operator) {
    case '>=':
      return shown >= bound;
    case '>':
      return shown > bound;
    case '<=':
      return shown <= bound;
    case '<':
      return shown < bound;
    default:
      return shown === bound;
  }
}

function listJobs(request: RepositoryRequest, jobs: readonly Job[]): Promise<Answer> {
  const { world, repository } = request;
  return counted(request, 'jobs', jobs, (job) => jobShape(world, repository, runOf(request), job));
}

async function rerun(request: RepositoryRequest, which: 'all' | 'failed'): Promise<Answer> {
  await request.actions.rerun(request.repository, runOf(request), which, request.actor.login);
  return { status: 201, body: {} };
}
