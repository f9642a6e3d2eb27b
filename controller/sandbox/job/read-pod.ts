import type { ContainerStatus, Pod, Terminated } from './kinds.ts';
import { checkName, prepareName } from './render-job.ts';

/** How far a Job's Pod has come. */
export type Stage =
  | { readonly at: 'Starting'; readonly why: string }
  | { readonly at: 'Preparing' }
  | { readonly at: 'Checking'; readonly ended: readonly Terminated[] }
  /** `prepare` ended with something else than 0. */
  | { readonly at: 'NotPrepared'; readonly end: Terminated }
  /** All ran, or the last of these did not end with 0. */
  | { readonly at: 'Done'; readonly ends: readonly Terminated[] }
  /** The cluster took it away, or could not run it: nothing is known of the checks. */
  | { readonly at: 'Lost'; readonly why: string };

/** Of a container that the kubelet could not start, or lost sight of. */
const notTheCommands = ['StartError', 'ContainerCannotRun', 'ContainerStatusUnknown'];

/** Reads a Pod's status as the kubelet writes it; containers run one after the other. */
export function stageOf(pod: Pod, checks: number): Stage {
  const names = [prepareName, ...Array.from({ length: checks }, (_, index) => checkName(index))];
  const statuses = names.map((name) => statusOf(pod, name));
  const at = statuses.findIndex((status) => status?.state?.terminated?.exitCode !== 0);
  if (at < 0) return { at: 'Done', ends: endsOf(statuses) };
  const status = statuses[at];
  const lost = lostBecause(pod, status);
  if (lost !== undefined) return { at: 'Lost', why: lost };
  const end = status?.state?.terminated ?? takenAway(pod);
  if (at === 0) return end === undefined ? beginning(pod, status) : { at: 'NotPrepared', end };
  const ended = endsOf(statuses.slice(0, at));
  return end === undefined ? { at: 'Checking', ended } : { at: 'Done', ends: [...ended, end] };
}

function beginning(pod: Pod, prepare: ContainerStatus | undefined): Stage {
  const isRunning = prepare?.state?.running !== undefined;
  return isRunning ? { at: 'Preparing' } : { at: 'Starting', why: whyNotStarted(pod, prepare) };
}

function statusOf({ status = {} }: Pod, name: string): ContainerStatus | undefined {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return all.find((one) => one.name === name);
}

function endsOf(statuses: readonly (ContainerStatus | undefined)[]): readonly Terminated[] {
  return statuses.slice(1).flatMap((status) => status?.state?.terminated ?? []);
}

function lostBecause(pod: Pod, container: ContainerStatus | undefined): string | undefined {
  return disruptionOf(pod) ?? notRun(container?.state?.terminated) ?? withoutAnEnd(pod, container);
}

/** What is in the cluster's way bears this condition; a Pod that is evicted for going over its own bounds of disk does not. */
function disruptionOf({ metadata, status = {} }: Pod): string | undefined {
  const found = status.conditions?.find(({ type, status: is }) => type === 'DisruptionTarget' && is === 'True');
  if (found !== undefined) return `${found.reason}: ${found.message}`;
  return metadata?.deletionTimestamp === undefined ? undefined : 'its Pod is being deleted';
}

function notRun(end: Terminated | undefined): string | undefined {
  return notTheCommands.includes(end?.reason ?? '') ? `${end?.reason}: ${end?.message}` : undefined;
}

function withoutAnEnd({ status = {} }: Pod, container: ContainerStatus | undefined): string | undefined {
  const ended = container?.state?.terminated !== undefined;
  if (ended || status.phase !== 'Failed' || status.reason === 'Evicted') return undefined;
  return `its Pod failed: ${status.reason}: ${status.message}`;
}

/** The end of what the kubelet stopped for its use of disk, where it left no status of the container. */
function takenAway({ status = {} }: Pod): Terminated | undefined {
  if (status.phase !== 'Failed') return undefined;
  return { exitCode: 137, reason: status.reason ?? '', message: status.message ?? '' };
}

function whyNotStarted({ status = {} }: Pod, prepare: ContainerStatus | undefined): string {
  const waiting = prepare?.state?.waiting;
  const unscheduled = status.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unscheduled !== undefined) return `${unscheduled.reason}: ${unscheduled.message}`;
  return waiting === undefined ? 'its Pod waits for a node' : `${waiting.reason}: ${waiting.message ?? ''}`;
}

/** The kubelet stops what goes over its bound of disk, and says so of the Pod alone. */
export function evictionOf({ status = {} }: Pod): string {
  return status.reason === 'Evicted' ? `\nEvicted: ${status.message ?? ''}\n` : '';
}
