import type { Json, JsonObject } from '../../controller/api/json.ts';
import { digestOf } from '../../controller/evidence/canonical.ts';
import type { ContainerState } from '../lib/container-difference.ts';
import { listOf, numberOf, objectOf, textOf, timeOf } from '../lib/reading.ts';
import { actionAnnotation, type Condition, type Deployment, type Revision, type Template } from './model.ts';
import { otherFields } from './other-fields.ts';
import { mebibytesOf, millisOf } from './quantity.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';

export function deploymentOf(given: JsonObject): Deployment {
  const [metadata, spec, status] = [objectOf(given['metadata']), objectOf(given['spec']), objectOf(given['status'])];
  return {
    name: textOf(metadata['name']) ?? '',
    uid: textOf(metadata['uid']) ?? '',
    generation: numberOf(metadata['generation']) ?? 0,
    observedGeneration: numberOf(status['observedGeneration']) ?? 0,
    desired: numberOf(spec['replicas']) ?? 1,
    updated: numberOf(status['updatedReplicas']) ?? 0,
    available: numberOf(status['availableReplicas']) ?? 0,
    total: numberOf(status['replicas']) ?? 0,
    paused: spec['paused'] === true,
    revision: numberOf(annotationOf(given, revisionAnnotation)) ?? 0,
    actionId: annotationOf(given, actionAnnotation),
    conditions: conditionsOf(status),
    selector: textsIn(objectOf(spec['selector'])['matchLabels']),
    template: templateOf(objectOf(spec['template'])),
    templateDigest: digestOf(objectOf(spec['template'])),
  };
}

export function revisionOf(replicaSet: JsonObject): Revision {
  const metadata = objectOf(replicaSet['metadata']);
  return {
    name: textOf(metadata['name']) ?? '',
    revision: numberOf(annotationOf(replicaSet, revisionAnnotation)) ?? 0,
    createdAt: timeOf(metadata['creationTimestamp']),
    replicas: numberOf(objectOf(replicaSet['spec'])['replicas']) ?? 0,
    template: templateOf(objectOf(objectOf(replicaSet['spec'])['template'])),
  };
}

export function isOwnedBy(given: JsonObject, uid: string): boolean {
  return listOf(objectOf(given['metadata'])['ownerReferences']).some((owner) => objectOf(owner)['uid'] === uid);
}

export function conditionsOf(status: JsonObject): readonly Condition[] {
  return listOf(status['conditions']).map((one) => {
    const condition = objectOf(one);
    const [type = '', value = '', reason = '', message = ''] = ['type', 'status', 'reason', 'message'].map(
      (key) => textOf(condition[key]) ?? '',
    );
    return { type, status: value, reason, message, since: timeOf(condition['lastTransitionTime']) };
  });
}

function templateOf(template: JsonObject): Template {
  const { labels } = objectOf(template['metadata']);
  const containers = listOf(objectOf(template['spec'])['containers']).map(objectOf);
  return {
    labels: textsIn(labels),
    containers: containers.map(containerOf),
    others: otherFields(template),
    startSeconds: Object.fromEntries(containers.map((one) => [textOf(one['name']) ?? '', startSecondsOf(one)])),
    actionId: annotationOf(template, actionAnnotation),
  };
}

/** @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ for the defaults */
function startSecondsOf(container: JsonObject): number {
  const [startup, readiness] = [container['startupProbe'], objectOf(container['readinessProbe'])];
  const delay = (probe: JsonObject): number => numberOf(probe['initialDelaySeconds']) ?? 0;
  if (startup === undefined) return delay(readiness);
  const { periodSeconds, failureThreshold } = objectOf(startup);
  const tries = (numberOf(periodSeconds) ?? 10) * (numberOf(failureThreshold) ?? 3);
  return Math.max(delay(objectOf(startup)) + tries, delay(readiness));
}

function containerOf(container: JsonObject): ContainerState {
  const limits = objectOf(objectOf(container['resources'])['limits']);
  const environment = listOf(container['env']).map((one) => {
    const variable = objectOf(one);
    return [textOf(variable['name']) ?? '', valueOf(variable)] as const;
  });
  return {
    name: textOf(container['name']) ?? '',
    image: textOf(container['image']) ?? '',
    memory: mebibytesOf(limits['memory']),
    cpu: millisOf(limits['cpu']),
    environment: Object.fromEntries(environment),
  };
}

/** A reference is shown as what it refers to: the value itself is nowhere to be seen. */
function valueOf(variable: JsonObject): string {
  if (variable['valueFrom'] !== undefined) return `from ${JSON.stringify(variable['valueFrom'])}`;
  return textOf(variable['value']) ?? '';
}

export function annotationOf(given: JsonObject, name: string): string | undefined {
  return textOf(objectOf(objectOf(given['metadata'])['annotations'])[name]);
}

export function textsIn(given: Json | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(objectOf(given)).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : [])),
  );
}
