import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { integer, text } from '../args.ts';
import { assertMayRun, assertWritable, type GitHubBackend } from '../backend.ts';
import { input, number, output } from '../schema.ts';

export const rerunFailedJobs: ToolDefinition<GitHubBackend> = {
  name: 'threehops_rerun_failed_jobs',
  description:
    'Rerun the failed jobs of a run if it still is at attempt run_attempt; else says at which attempt it is and does nothing',
  access: 'Write',
  input: input({ run_id: number, run_attempt: { type: 'integer', minimum: 1 } }, ['run_id', 'run_attempt']),
  output: output({ run_id: number, run_attempt: number, rerun: { type: 'boolean' } }),
  async handle(args, { backend, signal }) {
    const where = {
      owner: text(args, 'owner'),
      repo: text(args, 'repo'),
      run_id: integer(args, 'run_id'),
      request: { signal },
    };
    assertWritable(backend, where.owner, where.repo);
    const { actions } = backend.octokit.rest;
    const { data } = await actions.getWorkflowRun(where);
    // A run's own path may have the branch behind it, after a character that is also a file's.
    const { data: workflow } = await actions.getWorkflow({ ...where, workflow_id: data.workflow_id });
    assertMayRun(backend, where.owner, where.repo, workflow.path);
    const attempt = data.run_attempt ?? 1;
    if (attempt !== integer(args, 'run_attempt')) return { run_id: where.run_id, run_attempt: attempt, rerun: false };
    await actions.reRunWorkflowFailedJobs(where);
    return { run_id: where.run_id, run_attempt: attempt, rerun: true };
  },
};
