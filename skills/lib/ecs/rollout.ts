import type { JsonObject } from '../../../controller/api/json.ts';
import type { ProbeContext, Rollout as SkillRollout, Tools } from '../../skill.ts';
import { describeService, describeTaskDefinition, describeTasks, targetOf } from './api.ts';
import { byCircuitBreaker, failedSince, primaryOf, upSince } from './deployment.ts';
import type { EcsDeployment, EcsService } from './model.ts';
import { imageCommit, imageTag, revisionOf } from './names.ts';
import { textOf } from '../reading.ts';

/** One image that tasks of the service run now. */
export interface RunningImage {
  readonly container: string;
  /** The first essential container of its task. */
  readonly main: boolean;
  readonly image: string;
  /** Undefined for an image without tag. */
  readonly tag?: string;
  /** The commit the tag names, where it names one. */
  readonly commit?: string;
  readonly taskDefinition: string;
}

/** Where the newest deployment of a service stands. */
export interface Rollout {
  /** Completed: it runs alone, in full. Failed: the circuit breaker or ECS gave it up. */
  readonly state: 'Completed' | 'Progressing' | 'Failed';
  readonly summary: string;
  /** Id of the newest (PRIMARY) deployment; after a rollback by the circuit breaker, that is the rollback's. */
  readonly deployment: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Tasks of the newest deployment that have failed. */
  readonly failedTasks: number;
  /** When the last of the tasks that run came up. */
  readonly upSince?: Date;
  /** Of all tasks that run now, old revisions included: one entry a container and revision. */
  readonly images: readonly RunningImage[];
}

/**
 * The state of a service's rollout and the images that run, read just now.
 * @param parameters the node's `with`: {cluster, service}
 * @param since a deployment that ECS gave up after this has failed, although an earlier one runs again by now
 * @throws ServiceMissingError, EcsAnswerError, ToolError
 */
export async function rolloutOf(
  tools: Tools,
  parameters: JsonObject,
  signal: AbortSignal,
  since?: Date,
): Promise<Rollout> {
  const target = targetOf(parameters);
  const service = await describeService(tools, target, signal);
  const running = await describeTasks(tools, target, 'RUNNING', signal);
  const up = running.filter((task) => task.lastStatus === 'RUNNING');
  const revisions = [...new Set(up.map((task) => task.taskDefinition))].toSorted();
  const images = await Promise.all(revisions.map((revision) => imagesOf(tools, revision, signal)));
  const stood = upSince(up);
  return {
    ...(wentBack(service, since) ?? rolloutState(service)),
    ...countsOf(service),
    ...(stood === undefined ? {} : { upSince: stood }),
    images: images.flat(),
  };
}

/**
 * What runs of a node, for `Skill.rollout`: the versions are those of the container that the node is about (`container`, else the
 * first essential one), since sidecars have versions of their own.
 */
export async function rollout({ tools, node, signal }: ProbeContext): Promise<SkillRollout> {
  const { state, summary, images } = await rolloutOf(tools, node.with, signal);
  const wanted = textOf(node.with['container']);
  const own = images.filter(({ container, main }) => (wanted === undefined ? main : container === wanted));
  const versions = [...new Set(own.map(({ tag, image }) => tag ?? image))];
  return { state: state === 'Completed' ? 'Settled' : state, summary, versions };
}

function countsOf(
  service: EcsService,
): Pick<Rollout, 'deployment' | 'taskDefinition' | 'desired' | 'running' | 'pending' | 'failedTasks'> {
  const { desired, running, pending } = service;
  const primary = primaryOf(service);
  return {
    deployment: primary?.id ?? '',
    taskDefinition: primary?.taskDefinition ?? service.taskDefinition,
    desired,
    running,
    pending,
    failedTasks: primary?.failedTasks ?? 0,
  };
}

async function imagesOf(tools: Tools, taskDefinition: string, signal: AbortSignal): Promise<readonly RunningImage[]> {
  const definition = await describeTaskDefinition(tools, taskDefinition, signal);
  const main = definition.containers.find(({ essential }) => essential)?.name;
  return definition.containers.map(({ name, image }) => {
    const tag = imageTag(image);
    const commit = imageCommit(image);
    return {
      container: name,
      main: name === main,
      image,
      taskDefinition,
      ...(tag === undefined ? {} : { tag }),
      ...(commit === undefined ? {} : { commit }),
    };
  });
}

/** What an act made: the revision that should run, and the deployment that brings it. */
export interface ExpectedRollout {
  readonly taskDefinition: string;
  readonly deployment?: string;
}

/** @param expected a rollout that ends on another revision has failed */
export function rolloutState(service: EcsService, expected?: ExpectedRollout): Pick<Rollout, 'state' | 'summary'> {
  const failed = service.deployments.find((one) => one.rolloutState === 'FAILED' && concerns(one, expected));
  if (failed !== undefined) return { state: 'Failed', summary: failureSummary(failed) };
  const primary = primaryOf(service);
  if (primary === undefined) return { state: 'Progressing', summary: 'no deployment yet' };
  if (expected !== undefined && primary.taskDefinition !== expected.taskDefinition) {
    return { state: 'Failed', summary: `${label(primary.taskDefinition)} runs, not ${label(expected.taskDefinition)}` };
  }
  const summary = progress(primary, service);
  return { state: complete(primary, service) ? 'Completed' : 'Progressing', summary };
}

/** After the circuit breaker has gone back, the newest deployment is the earlier one, and complete. */
function wentBack(service: EcsService, since: Date | undefined): Pick<Rollout, 'state' | 'summary'> | undefined {
  const primary = primaryOf(service);
  if (since === undefined || primary === undefined) return undefined;
  const byBreaker = byCircuitBreaker(primary) && primary.updatedAt !== undefined && primary.updatedAt >= since;
  const failed = failedSince(service, since)[0]?.id;
  if (!byBreaker && failed === undefined) return undefined;
  return { state: 'Failed', summary: `${failed ?? 'a deployment'} failed; ${label(primary.taskDefinition)} runs` };
}

function concerns(deployment: EcsDeployment, expected: ExpectedRollout | undefined): boolean {
  if (deployment.status === 'PRIMARY') return true;
  if (expected?.deployment !== undefined) return deployment.id === expected.deployment;
  return deployment.taskDefinition === expected?.taskDefinition;
}

function complete(primary: EcsDeployment, service: EcsService): boolean {
  const alone = service.deployments.every((one) => one === primary || (one.running === 0 && one.pending === 0));
  // Services with an external deployment controller have no rollout state.
  const rolledOut = (primary.rolloutState ?? 'COMPLETED') === 'COMPLETED';
  return alone && rolledOut && service.running >= service.desired && primary.running >= service.desired;
}

function progress(primary: EcsDeployment, service: EcsService): string {
  const state = (primary.rolloutState ?? 'no rollout state').toLowerCase().replaceAll('_', ' ');
  return `${label(primary.taskDefinition)}: ${primary.running} of ${service.desired} tasks run, rollout ${state}`;
}

function failureSummary(failed: EcsDeployment): string {
  return `${label(failed.taskDefinition)}: rollout failed${failed.rolloutReason === undefined ? '' : `: ${failed.rolloutReason}`}`;
}

function label(taskDefinition: string): string {
  const { family, revision } = revisionOf(taskDefinition);
  return `${family}:${revision}`;
}
