import { join } from 'node:path';
import type { Repository } from '../world/repository.ts';
import type { Conclusion, Job, Run } from '../world/run.ts';
import type { World } from '../world/world.ts';
import type { Isolation } from './isolation.ts';
import type { ActionsEnvironment, JobContext, Needs } from './job-context.ts';
import { JobFolder } from './job-folder.ts';
import { JobLog } from './job-log.ts';
import { jobMayRun, plannedSteps, runJob } from './job-runner.ts';
import type { Slots } from './slots.ts';
import type { JobSpec, WorkflowSpec } from './workflow.ts';

/** What all attempts have in common. */
export interface Runner {
  readonly world: World;
  readonly slots: Slots;
  readonly workFolder: string;
  readonly jobTimeoutMs: number;
  isolation(): Promise<Isolation>;
  environment(fullName: string): ActionsEnvironment;
  token(repository: Repository): string;
}

export interface Attempt {
  readonly repository: Repository;
  readonly run: Run;
  readonly workflow: WorkflowSpec;
  /** Its jobs, those included that are kept from an earlier attempt. */
  readonly jobs: readonly Job[];
}

export function newJob(world: World, spec: JobSpec, attempt: number): Job {
  return {
    id: world.id('run'),
    attempt,
    key: spec.key,
    name: spec.name,
    labels: spec.runsOn,
    createdAt: world.now(),
    log: new JobLog(world.options.now),
    steps: plannedSteps(spec.steps),
    outputs: {},
    status: 'queued',
    conclusion: null,
    startedAt: null,
    completedAt: null,
  };
}

/** Runs the queued jobs of an attempt in the order of their needs, then concludes the run. */
export async function runAttempt(runner: Runner, attempt: Attempt): Promise<void> {
  const { run, jobs, workflow } = attempt;
  const finished = new Map<string, Promise<void>>();
  for (const spec of byNeeds(workflow.jobs)) {
    const job = jobs.find(({ key }) => key === spec.key);
    if (job === undefined) continue;
    const needed = Promise.all(spec.needs.map(async (key) => finished.get(key)));
    finished.set(
      spec.key,
      needed.then(() => runOne(runner, attempt, spec, job)),
    );
  }
  await Promise.all(finished.values());
  run.status = 'completed';
  run.conclusion = run.cancel.signal.aborted ? 'cancelled' : concludeRun(jobs);
  run.updatedAt = runner.world.now();
}

function byNeeds(jobs: readonly JobSpec[]): JobSpec[] {
  const ordered: JobSpec[] = [];
  while (ordered.length < jobs.length) {
    const isThere = (key: string): boolean => ordered.some((job) => job.key === key);
    ordered.push(...jobs.filter(({ key, needs }) => !isThere(key) && needs.every(isThere)));
  }
  return ordered;
}

/** What the conclusions of its jobs make of a run. */
export function concludeRun(jobs: readonly Job[]): Conclusion {
  const conclusions = jobs.map(({ conclusion }) => conclusion);
  if (conclusions.includes('cancelled')) return 'cancelled';
  if (conclusions.includes('failure')) return 'failure';
  return conclusions.every((conclusion) => conclusion === 'skipped') ? 'skipped' : 'success';
}

async function runOne(runner: Runner, attempt: Attempt, spec: JobSpec, job: Job): Promise<void> {
  if (job.status === 'completed') return;
  const { world } = runner;
  try {
    const context = await contextOf(runner, attempt, spec, job);
    if (!context.signal.aborted && !jobMayRun(context)) return finish(world, job, 'skipped');
    await runner.slots.run(async () => {
      if (context.signal.aborted) return finish(world, job, 'cancelled');
      attempt.run.status = 'in_progress';
      attempt.run.updatedAt = world.now();
      await runJob(context);
    });
  } catch (error) {
    job.log.line(`##[error]${error instanceof Error ? error.message : String(error)}`);
    finish(world, job, world.options.signal.aborted ? 'cancelled' : 'failure');
  }
}

function finish(world: World, job: Job, conclusion: Conclusion): void {
  job.status = 'completed';
  job.conclusion = conclusion;
  job.completedAt = world.now();
  for (const step of job.steps)
    if (step.status !== 'completed') Object.assign(step, { status: 'completed', conclusion });
}

async function contextOf(runner: Runner, attempt: Attempt, spec: JobSpec, job: Job): Promise<JobContext> {
  const { world, workFolder, jobTimeoutMs } = runner;
  const { repository, run, workflow, jobs } = attempt;
  const isolation = await runner.isolation();
  const ownTimeout = (spec.timeoutMinutes ?? Number.POSITIVE_INFINITY) * 60_000;
  return {
    world,
    repository,
    run,
    workflow,
    spec,
    job,
    needs: needsOf(spec, jobs),
    environment: runner.environment(repository.fullName),
    isolation,
    folder: new JobFolder(join(workFolder, `${job.id}`), repository.name, isolation.uid),
    token: runner.token(repository),
    timeoutMs: Math.min(jobTimeoutMs, ownTimeout),
    signal: AbortSignal.any([world.options.signal, run.cancel.signal]),
  };
}

function needsOf(spec: JobSpec, jobs: readonly Job[]): Needs {
  const needed = jobs.filter(({ key }) => spec.needs.includes(key));
  return Object.fromEntries(
    needed.map(({ key, conclusion, outputs }) => [key, { result: conclusion ?? 'skipped', outputs: { ...outputs } }]),
  );
}
