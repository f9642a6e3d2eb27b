import { type Window, within } from '../lib/time.ts';
import type { Pod, PodContainer } from './model.ts';

export type FailureKind =
  | 'OutOfMemory'
  | 'CrashLoop'
  | 'ImagePullFailed'
  | 'StartFailed'
  | 'NotReady'
  | 'Unschedulable';

/** What is wrong with a container of a pod, or with the whole pod. */
export interface PodFailure {
  readonly kind: FailureKind;
  readonly pod: Pod;
  readonly container: PodContainer | undefined;
  /** The system's own words, and the program's last ones. */
  readonly reason: string;
}

const imagePull = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
]);
const start = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
]);

/**
 * One failure for each container that is not well. What it ended of counts while it waits to be started, where it has not become
 * ready, and where it was in the window: a program that is killed every ten minutes is ready whenever one looks.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
 */
export function failuresOf(pod: Pod, window: Window): readonly PodFailure[] {
  const unplaced = pod.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unplaced !== undefined) {
    return [{ kind: 'Unschedulable', pod, container: undefined, reason: unplaced.message }];
  }
  return pod.containers.flatMap((container) => {
    const kind = container.ready ? recentKind(container, window) : kindOf(container);
    return kind === undefined ? [] : [{ kind, pod, container, reason: reasonOf(kind, container) }];
  });
}

function kindOf(container: PodContainer): FailureKind | undefined {
  const unstarted = unstartedKind(container.waiting?.reason ?? '');
  return unstarted ?? endedKind(container) ?? (container.startedAt === undefined ? undefined : 'NotReady');
}

/** A program that ended once by itself and is up again, such as one that did not wait for what it needs, is none. */
function recentKind(container: PodContainer, window: Window): FailureKind | undefined {
  if (!within(container.ended?.finishedAt, window)) return undefined;
  const kind = endedKind(container);
  return kind === 'CrashLoop' && container.restarts < 2 ? undefined : kind;
}

function unstartedKind(waitingFor: string): FailureKind | undefined {
  if (imagePull.has(waitingFor)) return 'ImagePullFailed';
  return start.has(waitingFor) ? 'StartFailed' : undefined;
}

function endedKind({ ended, waiting }: PodContainer): FailureKind | undefined {
  if (ended === undefined) return undefined;
  if (ended.reason === 'OOMKilled') return 'OutOfMemory';
  return ended.exitCode !== 0 || waiting?.reason === 'CrashLoopBackOff' ? 'CrashLoop' : undefined;
}

function reasonOf(kind: FailureKind, { waiting, ended }: PodContainer): string {
  switch (kind) {
    case 'OutOfMemory':
    case 'CrashLoop':
      return ended?.message.trim() ?? '';
    case 'ImagePullFailed':
    case 'StartFailed':
      return [waiting?.reason, waiting?.message].filter((one) => one !== undefined && one !== '').join(': ');
    case 'NotReady':
    case 'Unschedulable':
      return '';
  }
}
