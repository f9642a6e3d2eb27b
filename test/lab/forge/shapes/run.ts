import type { JsonObject } from '../../../../controller/api/json.ts';
import { runnerName } from '../actions/job-context.ts';
import type { Repository } from '../world/repository.ts';
import type { Job, Run, StepRecord, WorkflowRecord } from '../world/run.ts';
import type { World } from '../world/world.ts';
import { simpleCommit } from './commit.ts';
import { knownCommit } from './files.ts';
import { minimalPull } from './pull.ts';
import { minimalRepository, repositoryPage, repositoryUrl } from './repository.ts';
import { nodeId, simpleUser } from './user.ts';

export function workflowShape(world: World, repository: Repository, workflow: WorkflowRecord): JsonObject {
  const page = repositoryPage(world, repository);
  const file = workflow.path.slice(workflow.path.lastIndexOf('/') + 1);
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: workflow.createdAt,
    updated_at: workflow.updatedAt,
    url: `${repositoryUrl(world, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/actions/workflows/${file}/badge.svg`,
  };
}

export async function runShape(world: World, repository: Repository, run: Run): Promise<JsonObject> {
  const pulls = repository.pulls.filter(({ head, state }) => head === run.headBranch && state === 'open');
  const about = minimalRepository(world, repository);
  return {
    id: run.id,
    name: run.workflow.name,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflow.path,
    display_title: run.title,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflow.id,
    check_suite_id: run.checkSuiteId,
    check_suite_node_id: nodeId('CheckSuite', run.checkSuiteId),
    pull_requests: await Promise.all(pulls.map((pull) => minimalPull(world, repository, pull))),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.startedAt,
    actor: simpleUser(world, run.actor),
    triggering_actor: simpleUser(world, run.triggeringActor),
    referenced_workflows: [],
    head_commit: simpleCommit(await knownCommit(repository, run.headSha)),
    repository: about,
    head_repository: about,
    ...addresses(world, repository, run),
  };
}

function addresses(world: World, repository: Repository, run: Run): JsonObject {
  const base = repositoryUrl(world, repository);
  const url = `${base}/actions/runs/${run.id}`;
  return {
    url,
    html_url: `${repositoryPage(world, repository)}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${base}/check-suites/${run.checkSuiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${base}/actions/workflows/${run.workflow.id}`,
  };
}

export function jobShape(world: World, repository: Repository, run: Run, job: Job): JsonObject {
  const base = repositoryUrl(world, repository);
  const started = job.startedAt !== null;
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${base}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId('CheckRun', job.id),
    head_sha: run.headSha,
    head_branch: run.headBranch,
    workflow_name: run.workflow.name,
    url: `${base}/actions/jobs/${job.id}`,
    html_url: `${repositoryPage(world, repository)}/actions/runs/${run.id}/job/${job.id}`,
    check_run_url: `${base}/check-runs/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.createdAt,
    started_at: job.startedAt ?? job.createdAt,
    completed_at: job.completedAt,
    name: job.name,
    steps: job.steps.map((step) => stepShape(step)),
    labels: [...job.labels],
    runner_id: started ? 1 : null,
    runner_name: started ? runnerName : null,
    runner_group_id: started ? 1 : null,
    runner_group_name: started ? 'Default' : null,
  };
}

function stepShape(step: StepRecord): JsonObject {
  return {
    name: step.name,
    status: step.status,
    conclusion: step.conclusion,
    number: step.number,
    started_at: step.startedAt,
    completed_at: step.completedAt,
  };
}
