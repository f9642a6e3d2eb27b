import type { JsonObject } from '../../controller/api/json.ts';
import { listOf, numberOf, objectOf, textOf, timeOf } from '../lib/reading.ts';
import type { Ended, KubeEvent, Pod, PodContainer } from './model.ts';
import { conditionsOf } from './parse.ts';

export function podOf(given: JsonObject): Pod {
  const [metadata, status] = [objectOf(given['metadata']), objectOf(given['status'])];
  const owner = listOf(metadata['ownerReferences'])
    .map(objectOf)
    .find((one) => one['kind'] === 'ReplicaSet');
  const statuses = [...listOf(status['initContainerStatuses']), ...listOf(status['containerStatuses'])];
  return {
    name: textOf(metadata['name']) ?? '',
    replicaSet: textOf(owner?.['name']) ?? '',
    phase: textOf(status['phase']) ?? '',
    createdAt: timeOf(metadata['creationTimestamp']),
    conditions: conditionsOf(status),
    containers: statuses.map((one) => containerOf(objectOf(one))),
  };
}

function containerOf(status: JsonObject): PodContainer {
  const state = objectOf(status['state']);
  const waiting = state['waiting'] === undefined ? undefined : objectOf(state['waiting']);
  const ended = state['terminated'] ?? objectOf(status['lastState'])['terminated'];
  return {
    name: textOf(status['name']) ?? '',
    image: textOf(status['image']) ?? '',
    ready: status['ready'] === true,
    restarts: numberOf(status['restartCount']) ?? 0,
    waiting:
      waiting === undefined
        ? undefined
        : { reason: textOf(waiting['reason']) ?? '', message: textOf(waiting['message']) ?? '' },
    startedAt: timeOf(objectOf(state['running'])['startedAt']),
    ended: ended === undefined || ended === null ? undefined : endedOf(objectOf(ended)),
  };
}

function endedOf(terminated: JsonObject): Ended {
  return {
    exitCode: numberOf(terminated['exitCode']) ?? 0,
    reason: textOf(terminated['reason']) ?? '',
    message: textOf(terminated['message']) ?? '',
    startedAt: timeOf(terminated['startedAt']),
    finishedAt: timeOf(terminated['finishedAt']),
  };
}

/** Both forms of events: core's own counts, and the series of events.k8s.io. */
export function eventOf(given: JsonObject): KubeEvent {
  const involved = objectOf(given['involvedObject']);
  const at = timeOf(given['eventTime']) ?? timeOf(objectOf(given['metadata'])['creationTimestamp']);
  const series = objectOf(given['series']);
  return {
    object: `${textOf(involved['kind']) ?? ''}/${textOf(involved['name']) ?? ''}`,
    type: textOf(given['type']) ?? '',
    reason: textOf(given['reason']) ?? '',
    message: textOf(given['message']) ?? '',
    count: numberOf(given['count']) ?? numberOf(series['count']) ?? 1,
    firstAt: timeOf(given['firstTimestamp']) ?? at,
    lastAt: timeOf(given['lastTimestamp']) ?? timeOf(series['lastObservedTime']) ?? at,
  };
}
