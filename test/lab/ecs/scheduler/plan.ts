import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../model/records.ts';

export interface Plan {
  readonly start: readonly { readonly deployment: DeploymentRecord; readonly count: number }[];
  readonly stop: readonly TaskRecord[];
}

/** What a service has, in the words of a rolling update. */
interface Standing {
  readonly desired: number;
  readonly primary: DeploymentRecord;
  readonly ofPrimary: readonly TaskRecord[];
  readonly ofOthers: readonly TaskRecord[];
  readonly steadyPrimary: number;
  /** How many more tasks maximumPercent allows. */
  readonly room: number;
  /** How many healthy ones minimumHealthyPercent wants. */
  readonly floor: number;
}

/**
 * The next step of a rolling update: starts tasks of the primary deployment as far as maximumPercent lets it, and stops older ones as
 * steady new ones take their place, never going below minimumHealthyPercent. Until then the older deployment's tasks are replaced when
 * they end. A FAILED deployment starts nothing. `now` is in milliseconds since 1970.
 */
export function planService(service: ServiceRecord, tasks: readonly TaskRecord[], now: number): Plan {
  const live = tasks.filter((task) => task.desiredStatus === 'RUNNING');
  const [primary] = service.deployments;
  if (primary === undefined || service.desiredCount === 0) return { start: [], stop: live };
  const standing = standingOf(service, primary, live);
  const wanted = primary.rolloutState === 'FAILED' ? 0 : Math.max(0, standing.desired - standing.ofPrimary.length);
  const fromPrimary = primary.startNotBefore > now ? 0 : Math.min(wanted, standing.room);
  return {
    start: [
      { deployment: primary, count: fromPrimary },
      ...replaceOlder(service, standing, standing.room - fromPrimary, now),
    ].filter(({ count }) => count > 0),
    stop: [...excessOfPrimary(standing), ...olderToStop(standing, wanted)],
  };
}

function standingOf(service: ServiceRecord, primary: DeploymentRecord, live: readonly TaskRecord[]): Standing {
  const { desiredCount: desired, configuration } = service;
  const ofPrimary = live.filter((task) => task.deployment === primary);
  const ceiling = Math.max(desired, Math.floor((desired * (configuration.maximumPercent ?? 200)) / 100));
  return {
    desired,
    primary,
    ofPrimary,
    ofOthers: live.filter((task) => task.deployment !== primary),
    steadyPrimary: ofPrimary.filter((task) => task.steady).length,
    room: Math.max(0, ceiling - live.length),
    floor: Math.ceil((desired * (configuration.minimumHealthyPercent ?? 100)) / 100),
  };
}

function replaceOlder(service: ServiceRecord, standing: Standing, room: number, now: number): Plan['start'] {
  const missing = standing.desired - standing.steadyPrimary - standing.ofOthers.length;
  const source = service.deployments.find((candidate) => candidate !== standing.primary && candidate.completedOnce);
  if (source === undefined || source.startNotBefore > now) return [];
  return [{ deployment: source, count: Math.min(missing, room) }];
}

/** After the service was scaled in. */
function excessOfPrimary({ ofPrimary, desired }: Standing): TaskRecord[] {
  const excess = ofPrimary.length - desired;
  return excess > 0 ? ofPrimary.toReversed().toSorted(unreadyFirst).slice(0, excess) : [];
}

function olderToStop(standing: Standing, wanted: number): TaskRecord[] {
  const { ofOthers, desired, steadyPrimary, room, floor } = standing;
  const replaced = ofOthers.length - Math.max(0, desired - steadyPrimary);
  const inTheWay = wanted - room;
  let healthy = steadyPrimary + ofOthers.filter(isReady).length;
  const stop: TaskRecord[] = [];
  for (const task of ofOthers.toSorted(leastUsefulFirst)) {
    if (stop.length >= Math.max(replaced, inTheWay)) break;
    if (isReady(task) && healthy <= floor) break;
    if (isReady(task)) healthy -= 1;
    stop.push(task);
  }
  return stop;
}

const isReady = (task: TaskRecord): boolean => task.readySince !== undefined;

const unreadyFirst = (left: TaskRecord, right: TaskRecord): number => Number(isReady(left)) - Number(isReady(right));

function leastUsefulFirst(left: TaskRecord, right: TaskRecord): number {
  const proven = (task: TaskRecord): number => Number(task.deployment.completedOnce);
  return unreadyFirst(left, right) || proven(left) - proven(right);
}
