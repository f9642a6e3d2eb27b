import { isDefined } from '../reading.ts';
import { within, type Window } from '../time.ts';
import type { EcsContainer, EcsTask } from './model.ts';

export type FailureKind =
  | 'OutOfMemory'
  | 'ExitedNonZero'
  | 'ExitedZero'
  | 'HealthCheckFailed'
  | 'ImagePullFailed'
  | 'StartFailed';

/** Why a stopped task counts as failed. */
export interface TaskFailure {
  readonly kind: FailureKind;
  readonly task: EcsTask;
  /** The container that failed; empty where it was the whole task. */
  readonly container: string;
  readonly exitCode?: number;
  /** ECS' own words. */
  readonly reason: string;
}

/** What the kernel's or a runtime's SIGKILL leaves: 128 + 9. */
export const killedExitCode = 137;

/** ECS' error types stand at the beginning of its reasons, before a colon. */
const outOfMemory = /^OutOfMemory(Error)?\b/;
const imagePull = /^(CannotPull\w*Error|ImagePull\w*)\b/;
const healthCheck = /failed .*health checks/i;

/**
 * The failure of a stopped task; undefined where it was stopped on purpose (a deployment, scaling in, a person). A service's
 * task is meant to go on: one whose essential container ends by itself has failed, with code 0 too.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export function failureOf(task: EcsTask): TaskFailure | undefined {
  return (
    byReason('OutOfMemory', outOfMemory, task) ??
    byReason('ImagePullFailed', imagePull, task) ??
    byStopReason(task) ??
    byExit(task) ??
    byEnd(task)
  );
}

/** The failures of those that stopped in the window, oldest first. */
export function failuresIn(window: Window, stopped: readonly EcsTask[]): readonly TaskFailure[] {
  return stopped
    .filter((task) => within(task.stoppedAt, window))
    .map(failureOf)
    .filter(isDefined)
    .toSorted((a, b) => stoppedMs(a.task) - stoppedMs(b.task) || a.task.arn.localeCompare(b.task.arn, 'en'));
}

function stoppedMs(task: EcsTask): number {
  return task.stoppedAt?.getTime() ?? 0;
}

/** ECS says it of the container that failed or, where the task as a whole is limited, of the task. */
function byReason(kind: FailureKind, pattern: RegExp, task: EcsTask): TaskFailure | undefined {
  const container = task.containers.find((one) => pattern.test(one.reason ?? ''));
  if (container !== undefined) return containerFailure(kind, task, container);
  if (!pattern.test(task.stoppedReason ?? '')) return undefined;
  const exited = worst(task) ?? only(task);
  return exited === undefined
    ? { kind, task, container: '', reason: task.stoppedReason ?? '' }
    : { ...containerFailure(kind, task, exited), reason: task.stoppedReason ?? '' };
}

function byStopReason(task: EcsTask): TaskFailure | undefined {
  const reason = task.stoppedReason ?? '';
  if (healthCheck.test(reason)) {
    const container = (unhealthy(task) ?? only(task))?.name ?? '';
    return { kind: 'HealthCheckFailed', task, container, reason };
  }
  return task.stopCode === 'TaskFailedToStart' ? { kind: 'StartFailed', task, container: '', reason } : undefined;
}

function byExit(task: EcsTask): TaskFailure | undefined {
  if (task.stopCode !== undefined && task.stopCode !== 'EssentialContainerExited') return undefined;
  const exited = worst(task);
  return exited === undefined ? undefined : containerFailure('ExitedNonZero', task, exited);
}

/** Without the stop code nothing tells an end of its own from one that was asked for. */
function byEnd(task: EcsTask): TaskFailure | undefined {
  if (task.stopCode !== 'EssentialContainerExited') return undefined;
  const ended = task.containers.find(({ exitCode }) => exitCode === 0);
  return ended === undefined ? undefined : containerFailure('ExitedZero', task, ended);
}

function containerFailure(kind: FailureKind, task: EcsTask, container: EcsContainer): TaskFailure {
  return {
    kind,
    task,
    container: container.name,
    ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    reason: container.reason ?? task.stoppedReason ?? '',
  };
}

function worst(task: EcsTask): EcsContainer | undefined {
  return task.containers.find((one) => one.exitCode !== undefined && one.exitCode !== 0);
}

function unhealthy(task: EcsTask): EcsContainer | undefined {
  return task.containers.find((one) => one.healthStatus === 'UNHEALTHY');
}

function only(task: EcsTask): EcsContainer | undefined {
  return task.containers.length === 1 ? task.containers[0] : undefined;
}
