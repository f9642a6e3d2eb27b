import { ApiError, notFound } from '../http/answer.ts';
import { resolveCommit } from '../git/commits.ts';
import { noObject } from '../git/write.ts';
import { knownCommit } from '../shapes/files.ts';
import type { Repository } from '../world/repository.ts';
import type { Run } from '../world/run.ts';
import type { RefMoved } from '../world/world.ts';
import { newJob, runAttempt, type Runner } from './attempt.ts';
import { asksToSkip, pushMatches } from './triggers.ts';
import type { InputSpec } from './workflow.ts';
import { readWorkflows, recordOf, type WorkflowFile } from './workflow-files.ts';

export const botLogin = 'github-actions[bot]';

type Start = Pick<Run, 'event' | 'headSha' | 'headBranch' | 'actor' | 'inputs'>;

/** Starts workflow runs, and starts them again. */
export class Actions {
  readonly #runner: Runner;
  readonly #underWay = new Set<Promise<void>>();

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  /** Makes the runs that a push starts; they are queued when this resolves. What the workflows' own token pushes starts none. */
  async refMoved(moved: RefMoved): Promise<void> {
    const { repository, ref, after, actor } = moved;
    if (!ref.startsWith('refs/heads/') || after === noObject || actor === botLogin) return;
    const commit = await knownCommit(repository, after);
    if (asksToSkip(commit.message)) return;
    const start = {
      event: 'push',
      headSha: after,
      headBranch: ref.slice('refs/heads/'.length),
      actor,
      inputs: {},
    } as const;
    for (const file of await readWorkflows(repository, after)) {
      const trigger = file.spec?.push;
      const starts =
        file.invalid !== undefined || (trigger !== undefined && (await pushMatches(repository, trigger, moved)));
      if (starts) await this.#start(repository, file, start);
    }
  }

  /** @throws ApiError 404 or 422, as GitHub answers a dispatch that cannot be */
  async dispatch(
    repository: Repository,
    path: string,
    ref: string,
    inputs: Run['inputs'],
    actor: string,
  ): Promise<Run> {
    const branch = ref.replace(/^refs\/heads\//, '');
    const headSha = await resolveCommit(repository.git, branch);
    if (headSha === undefined) throw new ApiError(422, `No ref found for: ${ref}`);
    const file = (await readWorkflows(repository, headSha)).find((one) => one.path === path);
    if (file === undefined) throw notFound();
    if (file.spec?.dispatch === undefined)
      throw new ApiError(422, "Workflow does not have 'workflow_dispatch' trigger");
    const given = checkedInputs(file.spec.dispatch, inputs);
    return this.#start(repository, file, {
      event: 'workflow_dispatch',
      headSha,
      headBranch: branch,
      actor,
      inputs: given,
    });
  }

  /** Runs all jobs again, or those that did not succeed and those that need them. @throws ApiError 403 while it is running */
  async rerun(repository: Repository, run: Run, which: 'all' | 'failed', actor: string): Promise<void> {
    if (run.status !== 'completed') throw new ApiError(403, 'The workflow run is already running');
    const file = (await readWorkflows(repository, run.headSha)).find(({ path }) => path === run.workflow.path);
    if (file?.spec === undefined) throw new ApiError(403, 'This workflow run cannot be retried');
    const { spec } = file;
    const before = run.jobs.filter(({ attempt }) => attempt === run.attempt);
    const again = new Set(
      spec.jobs.filter(({ key }) => which === 'all' || !succeeded(before, key)).map(({ key }) => key),
    );
    for (const { key, needs } of spec.jobs.flatMap(() => spec.jobs))
      if (needs.some((need) => again.has(need))) again.add(key);
    if (again.size === 0) throw new ApiError(403, 'This workflow run cannot be retried: no job failed');
    const { world } = this.#runner;
    Object.assign(run, { attempt: run.attempt + 1, status: 'queued', conclusion: null, cancel: new AbortController() });
    Object.assign(run, { triggeringActor: actor, startedAt: world.now(), updatedAt: world.now() });
    for (const job of spec.jobs) {
      const kept = again.has(job.key) ? undefined : before.find(({ key }) => key === job.key);
      run.jobs.push(
        kept === undefined ? newJob(world, job, run.attempt) : { ...kept, id: world.id('run'), attempt: run.attempt },
      );
    }
    this.#launch(repository, run, file);
  }

  /** @throws ApiError 409 when it is over already */
  cancel(run: Run): void {
    if (run.status === 'completed') throw new ApiError(409, 'Cannot cancel a workflow run that is completed.');
    run.cancel.abort();
  }

  /** Resolves when no run is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #start(repository: Repository, file: WorkflowFile, start: Start): Promise<Run> {
    const { world } = this.#runner;
    const commit = await knownCommit(repository, start.headSha);
    const workflow = recordOf(world, repository, file);
    const run: Run = {
      ...start,
      id: world.id('run'),
      number: repository.runs.filter((one) => one.workflow === workflow).length + 1,
      checkSuiteId: world.id('run'),
      workflow,
      title: commit.message.split('\n', 1)[0] ?? '',
      triggeringActor: start.actor,
      createdAt: world.now(),
      startedAt: world.now(),
      updatedAt: world.now(),
      status: 'queued',
      conclusion: null,
      attempt: 1,
      jobs: (file.spec?.jobs ?? []).map((spec) => newJob(world, spec, 1)),
      cancel: new AbortController(),
    };
    repository.runs.push(run);
    this.#launch(repository, run, file);
    return run;
  }

  /** A file that cannot be run makes a run that failed and has no jobs, which is all that GitHub tells of it too. */
  #launch(repository: Repository, run: Run, { spec }: WorkflowFile): void {
    if (spec === undefined) {
      Object.assign(run, { status: 'completed', conclusion: 'failure' });
      return;
    }
    const jobs = run.jobs.filter(({ attempt }) => attempt === run.attempt);
    const work = runAttempt(this.#runner, { repository, run, workflow: spec, jobs }).finally(() =>
      this.#underWay.delete(work),
    );
    this.#underWay.add(work);
  }
}

function succeeded(jobs: Run['jobs'], key: string): boolean {
  return jobs.some((job) => job.key === key && job.conclusion === 'success');
}

function checkedInputs(specs: Readonly<Record<string, InputSpec>>, given: Run['inputs']): Run['inputs'] {
  const unexpected = Object.keys(given).filter((name) => specs[name] === undefined);
  if (unexpected.length > 0) throw new ApiError(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  const filled: Record<string, string> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = given[name] ?? spec.default;
    if (value === undefined && spec.required) throw new ApiError(422, `Required input '${name}' not provided`);
    if (value !== undefined) filled[name] = value;
  }
  return filled;
}
