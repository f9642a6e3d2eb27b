import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { jobAnswer, runAnswer } from '../answers.ts';
import { integerId, text } from '../args.ts';
import type { GitHubBackend } from '../backend.ts';
import { GitHubToolError } from '../errors.ts';
import { input, output, string } from '../schema.ts';

export const actionsGet: ToolDefinition<GitHubBackend> = {
  name: 'actions_get',
  description: 'Get a workflow run or a job by its id',
  access: 'Read',
  input: input({ method: { type: 'string', enum: ['get_workflow_run', 'get_workflow_job'] }, resource_id: string }, [
    'method',
    'resource_id',
  ]),
  output: output({ method: string }),
  async handle(args, { backend, signal }) {
    const { actions } = backend.octokit.rest;
    const where = { owner: text(args, 'owner'), repo: text(args, 'repo'), request: { signal } };
    const id = integerId(args, 'resource_id');
    const method = text(args, 'method');
    switch (method) {
      case 'get_workflow_run':
        return { method, workflow_run: runAnswer((await actions.getWorkflowRun({ ...where, run_id: id })).data) };
      case 'get_workflow_job':
        return { method, workflow_job: jobAnswer((await actions.getJobForWorkflowRun({ ...where, job_id: id })).data) };
      default:
        throw new GitHubToolError('BadArgument', `method ${method}`);
    }
  },
};
