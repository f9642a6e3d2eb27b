import type { JsonObject } from '../../../../controller/api/json.ts';
import { asText } from '../actions/expression.ts';
import { readWorkflows, recordOf } from '../actions/workflow-files.ts';
import { resolveCommit } from '../git/commits.ts';
import { type Answer, noContent, notFound, ok } from '../http/answer.ts';
import { counted } from '../http/pages.ts';
import { optionalObject, param, type RepositoryRequest, requiredString } from '../http/request.ts';
import { read, type Route, write } from '../http/route.ts';
import { repositoryPage, repositoryUrl } from '../shapes/repository.ts';
import { workflowShape } from '../shapes/run.ts';
import type { WorkflowRecord } from '../world/run.ts';

export const workflowRoutes: readonly Route[] = [
  read('/actions/workflows', async (request) => {
    const { world, repository } = request;
    return counted(request, 'workflows', await workflowsOf(request), (one) => workflowShape(world, repository, one));
  }),
  read('/actions/workflows/{workflow_id}', async (request) =>
    ok(workflowShape(request.world, request.repository, await workflowOf(request))),
  ),
  write('dispatch', 'POST', '/actions/workflows/{workflow_id}/dispatches', dispatch),
];

/** Those of the default branch, and those that have run on another. */
async function workflowsOf({ world, repository }: RepositoryRequest): Promise<WorkflowRecord[]> {
  const sha = await resolveCommit(repository.git, repository.defaultBranch);
  for (const file of sha === undefined ? [] : await readWorkflows(repository, sha)) recordOf(world, repository, file);
  return [...repository.workflows.values()];
}

/** By its number or by the name of its file. @throws ApiError 404 */
export async function workflowOf(request: RepositoryRequest): Promise<WorkflowRecord> {
  const wanted = param(request, 'workflow_id');
  const found = (await workflowsOf(request)).find(
    ({ id, path }) => String(id) === wanted || path.endsWith(`/${wanted}`),
  );
  if (found === undefined) throw notFound();
  return found;
}

async function dispatch(request: RepositoryRequest): Promise<Answer> {
  const { repository, actor, body } = request;
  const workflow = await workflowOf(request);
  const inputs = Object.entries(optionalObject(body, 'inputs') ?? ({} as JsonObject));
  const texts = Object.fromEntries(inputs.map(([name, value]) => [name, asText(value)]));
  const run = await request.actions.dispatch(
    repository,
    workflow.path,
    requiredString(body, 'ref'),
    texts,
    actor.login,
  );
  if (body['return_run_details'] !== true) return noContent;
  const path = `/actions/runs/${run.id}`;
  const page = repositoryPage(request.world, repository);
  return ok({
    workflow_run_id: run.id,
    run_url: repositoryUrl(request.world, repository) + path,
    html_url: page + path,
  });
}
