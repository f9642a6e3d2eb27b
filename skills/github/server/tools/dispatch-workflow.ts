import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { text } from '../args.ts';
import { assertMayRun, assertWritable, type GitHubBackend } from '../backend.ts';
import { input, output, string } from '../schema.ts';

export const dispatchWorkflow: ToolDefinition<GitHubBackend> = {
  name: 'threehops_dispatch_workflow',
  description:
    'Start a workflow on a branch if the branch still is at commit expected_sha; else says where it is and does nothing',
  access: 'Write',
  input: input({ workflow: string, branch: string, expected_sha: string }, ['workflow', 'branch', 'expected_sha']),
  output: output({ sha: string, dispatched: { type: 'boolean' } }),
  async handle(args, { backend, signal }) {
    const where = { owner: text(args, 'owner'), repo: text(args, 'repo'), request: { signal } };
    assertWritable(backend, where.owner, where.repo);
    const { actions, repos } = backend.octokit.rest;
    const ref = text(args, 'branch');
    const { data } = await repos.getBranch({ ...where, branch: ref });
    const { sha } = data.commit;
    const { data: workflow } = await actions.getWorkflow({ ...where, workflow_id: text(args, 'workflow') });
    assertMayRun(backend, where.owner, where.repo, workflow.path);
    if (sha !== text(args, 'expected_sha')) return { sha, dispatched: false };
    await actions.createWorkflowDispatch({ ...where, workflow_id: workflow.id, ref });
    return { sha, dispatched: true };
  },
};
