import type { JsonObject } from '../../../../controller/api/json.ts';
import type { ToolContext, ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { allPages } from '../../../lib/github/pages.ts';
import { integer, text } from '../args.ts';
import type { GitHubBackend } from '../backend.ts';
import { GitHubToolError } from '../errors.ts';
import { input, number } from '../schema.ts';

const maxPages = 10;
const maxJobs = 10;
const maxBytes = 256 * 1024;

export const getJobLogs: ToolDefinition<GitHubBackend> = {
  name: 'get_job_logs',
  description: 'The last lines of the log of a job, or of all failed jobs of a run (failed_only with run_id)',
  access: 'Read',
  input: input({
    job_id: number,
    run_id: number,
    failed_only: { type: 'boolean' },
    return_content: { type: 'boolean' },
    tail_lines: { type: 'number', minimum: 1, maximum: 5000, default: 500 },
  }),
  output: { type: 'object' },
  async handle(args, context) {
    if (args['failed_only'] === true) return failedJobs(args, context);
    if (typeof args['job_id'] !== 'number')
      throw new GitHubToolError('BadArgument', 'job_id, or run_id with failed_only');
    return jobLog(args, context, args['job_id']);
  },
};

type Context = ToolContext<GitHubBackend>;

async function failedJobs(args: JsonObject, context: Context): Promise<JsonObject> {
  const where = { owner: text(args, 'owner'), repo: text(args, 'repo'), request: { signal: context.signal } };
  const runId = integer(args, 'run_id');
  const { actions } = context.backend.octokit.rest;
  const jobs = await allPages('jobs', maxPages, async ({ perPage, page }) => {
    const asked = { ...where, run_id: runId, filter: 'latest', per_page: perPage, page } as const;
    return (await actions.listJobsForWorkflowRun(asked)).data.jobs;
  });
  const failed = jobs.filter(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out');
  const logs: JsonObject[] = [];
  for (const { id, name } of failed.slice(0, maxJobs)) {
    logs.push({ job_name: name, ...(await jobLog(args, context, id)) });
  }
  const message =
    failed.length === 0 ? 'No failed jobs found in this workflow run' : `Retrieved logs for ${logs.length} failed jobs`;
  return { message, run_id: runId, total_jobs: jobs.length, failed_jobs: failed.length, logs };
}

async function jobLog(args: JsonObject, { backend, signal }: Context, jobId: number): Promise<JsonObject> {
  const where = { owner: text(args, 'owner'), repo: text(args, 'repo'), job_id: jobId, request: { signal } };
  const { data } = await backend.octokit.rest.actions.downloadJobLogsForWorkflowRun(where);
  const lines = asText(data).replace(/\n$/, '').split('\n');
  const wanted = typeof args['tail_lines'] === 'number' ? args['tail_lines'] : 500;
  const content = lines.slice(-wanted).join('\n').slice(-maxBytes);
  return {
    job_id: jobId,
    logs_content: content,
    message: 'Job logs content retrieved successfully',
    original_length: lines.length,
  };
}

function asText(data: unknown): string {
  if (typeof data === 'string') return data;
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : '';
}
