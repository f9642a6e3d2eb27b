import type { JsonObject } from '../../../../controller/api/json.ts';
import { notFound, ok } from '../http/answer.ts';
import { counted } from '../http/pages.ts';
import { numberParam, param, type RepositoryRequest } from '../http/request.ts';
import { read, type Route } from '../http/route.ts';
import { minimalPull } from '../shapes/pull.ts';
import { repositoryPage, repositoryUrl } from '../shapes/repository.ts';
import { nodeId, simpleUser } from '../shapes/user.ts';
import type { Job, Run } from '../world/run.ts';
import { commitAt } from './commits.ts';

interface Check {
  readonly run: Run;
  readonly job: Job;
}

/** The jobs of Actions are the only check runs here; a job and its check run have the same number. */
export const checkRoutes: readonly Route[] = [
  read('/commits/{ref}/check-runs', async (request) => {
    const { repository, query } = request;
    const { sha } = await commitAt(request, param(request, 'ref'));
    const wants = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
    const found = checksOf(request).filter(
      ({ run, job }) =>
        run.headSha === sha &&
        wants('check_name', job.name) &&
        wants('status', job.status) &&
        (query.get('filter') === 'all' || job.attempt === run.attempt),
    );
    return counted(request, 'check_runs', found.toReversed(), (check) => shape({ ...request, repository }, check));
  }),
  read('/check-runs/{check_run_id}', async (request) => {
    const id = numberParam(request, 'check_run_id');
    const found = checksOf(request).find(({ job }) => job.id === id);
    if (found === undefined) throw notFound();
    return ok(await shape(request, found));
  }),
];

function checksOf({ repository }: RepositoryRequest): Check[] {
  return repository.runs.flatMap((run) => run.jobs.map((job) => ({ run, job })));
}

async function shape(request: RepositoryRequest, { run, job }: Check): Promise<JsonObject> {
  const { world, repository } = request;
  const url = `${repositoryUrl(world, repository)}/check-runs/${job.id}`;
  const page = `${repositoryPage(world, repository)}/actions/runs/${run.id}/job/${job.id}`;
  const pulls = repository.pulls.filter(({ head, state }) => head === run.headBranch && state === 'open');
  return {
    id: job.id,
    node_id: nodeId('CheckRun', job.id),
    name: job.name,
    head_sha: run.headSha,
    external_id: String(job.id),
    url,
    html_url: page,
    details_url: page,
    status: job.status,
    conclusion: job.conclusion,
    started_at: job.startedAt ?? job.createdAt,
    completed_at: job.completedAt,
    output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: run.checkSuiteId },
    app: actionsApp(request),
    pull_requests: await Promise.all(pulls.map((pull) => minimalPull(world, repository, pull))),
  };
}

function actionsApp({ world }: RepositoryRequest): JsonObject {
  return {
    id: 15_368,
    slug: 'github-actions',
    node_id: nodeId('App', 15_368),
    owner: simpleUser(world, 'github'),
    name: 'GitHub Actions',
    description: 'Automate your workflow from idea to production',
    external_url: `${world.url}/features/actions`,
    html_url: `${world.url}/apps/github-actions`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2018-07-30T09:30:17Z',
    permissions: { checks: 'write', contents: 'read' },
    events: ['push', 'workflow_dispatch'],
  };
}
