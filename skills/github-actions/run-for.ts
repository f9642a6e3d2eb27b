import type { JsonObject } from '../../controller/api/json.ts';
import type { Tools } from '../skill.ts';
import { reduceLog } from './log-reduction.ts';
import { readParameters, type WorkflowNode } from './parameters.ts';
import { failedLogs, listJobs, listRuns, type Job, type Run } from './runs.ts';

/** How the pipeline did with one commit. */
export interface CommitRun {
  /** `Absent`: no run of this commit is listed (yet). */
  readonly status: 'Absent' | 'Waiting' | 'Running' | 'Completed';
  /** GitHub's word (success, failure, cancelled, timed_out, ...); empty until it is completed. */
  readonly conclusion: string;
  readonly runId?: number;
  readonly attempt?: number;
  readonly url?: string;
  /** `job: step` of the first step that failed. */
  readonly failedStep?: string;
  /** The distinct error lines of the failed jobs; at most 15. */
  readonly reducedLog?: readonly string[];
}

/**
 * The newest run of the node's workflow for a commit: what the session polls after a push.
 * @throws ToolError when the runs cannot be listed; a log that cannot be read is left out.
 */
export async function runFor(
  tools: Tools,
  parameters: JsonObject,
  sha: string,
  signal: AbortSignal,
  branch?: string,
): Promise<CommitRun> {
  const node = readParameters(parameters);
  const runs = await listRuns(tools, node, branch === undefined ? {} : { branch }, signal);
  const run = runs.find((one) => one.sha === sha);
  if (run === undefined) return { status: 'Absent', conclusion: '' };
  const seen = { conclusion: run.conclusion, runId: run.id, attempt: run.attempt, url: run.url };
  if (run.status !== 'completed') return { ...seen, status: run.status === 'in_progress' ? 'Running' : 'Waiting' };
  if (run.conclusion === 'success') return { ...seen, status: 'Completed' };
  return { ...seen, status: 'Completed', ...(await failureOf(tools, node, run, signal)) };
}

export interface RunFailure {
  readonly failedStep?: string;
  readonly reducedLog?: readonly string[];
}

async function failureOf(
  tools: Tools,
  { repository }: WorkflowNode,
  run: Run,
  signal: AbortSignal,
): Promise<RunFailure> {
  const [jobs, log] = await Promise.allSettled([
    listJobs(tools, repository, run.id, signal),
    failedLogs(tools, repository, run.id, signal),
  ]);
  signal.throwIfAborted();
  const step = jobs.status === 'fulfilled' ? failedStep(jobs.value) : undefined;
  return {
    ...(step === undefined ? {} : { failedStep: step }),
    ...(log.status === 'fulfilled' ? { reducedLog: reduceLog(log.value).lines.map(({ sample }) => sample) } : {}),
  };
}

const failing = new Set(['failure', 'timed_out']);

/** `job: step`, or the job alone where it names no step. */
export function failedStep(jobs: readonly Job[]): string | undefined {
  const job = jobs.find(({ conclusion }) => failing.has(conclusion));
  if (job === undefined) return undefined;
  const step = job.steps.find(({ conclusion }) => failing.has(conclusion));
  return step === undefined ? job.name : `${job.name}: ${step.name}`;
}
