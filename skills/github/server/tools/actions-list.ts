import type { JsonObject } from '../../../../controller/api/json.ts';
import type { ToolContext, ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { jobAnswer, runAnswer } from '../answers.ts';
import { integerId, optionalTexts, paging, record, text } from '../args.ts';
import type { GitHubBackend } from '../backend.ts';
import { GitHubToolError } from '../errors.ts';
import { input, output, pagination, string } from '../schema.ts';

export const actionsList: ToolDefinition<GitHubBackend> = {
  name: 'actions_list',
  description:
    'List workflows, the runs of a workflow (resource_id: its file name or id), or the jobs of a run (resource_id: its id)',
  access: 'Read',
  input: input(
    {
      method: { type: 'string', enum: ['list_workflows', 'list_workflow_runs', 'list_workflow_jobs'] },
      resource_id: string,
      workflow_runs_filter: {
        type: 'object',
        properties: { actor: string, branch: string, event: string, status: string },
      },
      workflow_jobs_filter: { type: 'object', properties: { filter: { type: 'string', enum: ['latest', 'all'] } } },
      ...pagination,
    },
    ['method'],
  ),
  output: output({ method: string }),
  async handle(args, context) {
    const method = text(args, 'method');
    switch (method) {
      case 'list_workflows':
        return { method, workflows: await workflows(args, context) };
      case 'list_workflow_runs':
        return { method, workflow_runs: await workflowRuns(args, context) };
      case 'list_workflow_jobs':
        return { method, workflow_jobs: await workflowJobs(args, context) };
      default:
        throw new GitHubToolError('BadArgument', `method ${method}`);
    }
  },
};

type Context = ToolContext<GitHubBackend>;

function where(args: JsonObject, { signal }: Context) {
  return { owner: text(args, 'owner'), repo: text(args, 'repo'), ...paging(args), request: { signal } };
}

async function workflows(args: JsonObject, context: Context): Promise<JsonObject> {
  const { data } = await context.backend.octokit.rest.actions.listRepoWorkflows(where(args, context));
  const listed = data.workflows.map(({ id, name, path, state }) => ({ id, name, path, state }));
  return { total_count: data.total_count, workflows: listed };
}

async function workflowRuns(args: JsonObject, context: Context): Promise<JsonObject> {
  const { actions } = context.backend.octokit.rest;
  const filters = optionalTexts(record(args, 'workflow_runs_filter'), ['actor', 'branch', 'event', 'status']);
  const asked = { ...where(args, context), ...(filters as { branch?: string }) };
  const { resource_id: workflow } = optionalTexts(args, ['resource_id']);
  const { data } =
    workflow === undefined
      ? await actions.listWorkflowRunsForRepo(asked)
      : await actions.listWorkflowRuns({ ...asked, workflow_id: workflow });
  return { total_count: data.total_count, workflow_runs: data.workflow_runs.map(runAnswer) };
}

async function workflowJobs(args: JsonObject, context: Context): Promise<JsonObject> {
  const filters = optionalTexts(record(args, 'workflow_jobs_filter'), ['filter']) as { filter?: 'latest' | 'all' };
  const { data } = await context.backend.octokit.rest.actions.listJobsForWorkflowRun({
    ...where(args, context),
    ...filters,
    run_id: integerId(args, 'resource_id'),
  });
  return { total_count: data.total_count, jobs: data.jobs.map(jobAnswer) };
}
