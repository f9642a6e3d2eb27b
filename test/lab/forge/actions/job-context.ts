import type { JsonObject } from '../../../../controller/api/json.ts';
import { cloneUrl } from '../shapes/repository.ts';
import type { Repository } from '../world/repository.ts';
import type { Conclusion, Job, Run } from '../world/run.ts';
import type { World } from '../world/world.ts';
import { asText } from './expression.ts';
import { type Isolation, stepPath } from './isolation.ts';
import type { JobFolder } from './job-folder.ts';
import type { JobSpec, WorkflowSpec } from './workflow.ts';

/** What the workflows of a repository are given from outside. */
export interface ActionsEnvironment {
  /** `secrets.X`; masked in logs. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** `vars.X` */
  readonly variables?: Readonly<Record<string, string>>;
  /** Environment of every step. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Result and outputs of the jobs that a job needs. */
export type Needs = Readonly<
  Record<string, { readonly result: Conclusion; readonly outputs: Readonly<Record<string, string>> }>
>;

/** Everything that is fixed while a job runs. */
export interface JobContext {
  readonly world: World;
  readonly repository: Repository;
  readonly run: Run;
  readonly workflow: WorkflowSpec;
  readonly spec: JobSpec;
  readonly job: Job;
  readonly needs: Needs;
  readonly environment: ActionsEnvironment;
  readonly isolation: Isolation;
  readonly folder: JobFolder;
  /** The workflow's own token: `github.token` and `secrets.GITHUB_TOKEN`. */
  readonly token: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The `github` context. */
export function githubContext({ world, repository, run, job, workflow, folder, token }: JobContext): JsonObject {
  return {
    sha: run.headSha,
    ref: `refs/heads/${run.headBranch}`,
    ref_name: run.headBranch,
    ref_type: 'branch',
    repository: repository.fullName,
    repository_owner: repository.owner,
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(job.attempt),
    workflow: workflow.name,
    event_name: run.event,
    actor: run.actor,
    triggering_actor: run.triggeringActor,
    job: job.key,
    server_url: world.url,
    api_url: world.apiUrl,
    workspace: folder.workspace,
    token,
    event: eventPayload(world, repository, run),
  };
}

/** The part of the webhook's payload that steps read. */
export function eventPayload(world: World, repository: Repository, run: Run): JsonObject {
  const about = {
    ref: `refs/heads/${run.headBranch}`,
    repository: { full_name: repository.fullName, clone_url: cloneUrl(world, repository) },
  };
  return run.event === 'push'
    ? { ...about, after: run.headSha, head_commit: { id: run.headSha, message: run.title } }
    : { ...about, inputs: { ...run.inputs }, workflow: run.workflow.path };
}

const inEnvironment = [
  'sha',
  'ref',
  'ref_name',
  'ref_type',
  'repository',
  'repository_owner',
  'run_id',
  'run_number',
  'run_attempt',
  'workflow',
  'event_name',
  'actor',
  'triggering_actor',
  'job',
  'server_url',
  'api_url',
  'workspace',
] as const;

/** The variables that every step has, before those of the workflow file. */
export function baseEnvironment(context: JobContext): Record<string, string> & { PATH: string } {
  const github = githubContext(context);
  const named = inEnvironment.map((name) => [`GITHUB_${name.toUpperCase()}`, asText(github[name] ?? '')]);
  return {
    PATH: stepPath(),
    HOME: context.folder.home,
    TMPDIR: context.folder.temp,
    LANG: 'C.UTF-8',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    ...Object.fromEntries(named),
    RUNNER_OS: 'Linux',
    RUNNER_NAME: runnerName,
    RUNNER_TEMP: context.folder.temp,
    ...context.environment.env,
  };
}

export const runnerName = 'lab-runner-1';
