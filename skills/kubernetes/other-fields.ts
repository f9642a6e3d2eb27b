import type { JsonObject } from '../../controller/api/json.ts';
import { listOf, objectOf } from '../lib/reading.ts';
import { actionAnnotation, restartAnnotation } from './model.ts';

/** What a pod template holds besides what `ContainerState` reads, and without the marks of a rollout, a restart or an act. */
export function otherFields(template: JsonObject): JsonObject {
  const [metadata, spec] = [objectOf(template['metadata']), objectOf(template['spec'])];
  return {
    ...template,
    metadata: {
      ...metadata,
      labels: without(objectOf(metadata['labels']), 'pod-template-hash'),
      annotations: without(objectOf(metadata['annotations']), actionAnnotation, restartAnnotation),
    },
    spec: { ...spec, containers: listOf(spec['containers']).map((one) => otherOfContainer(objectOf(one))) },
  };
}

function otherOfContainer(container: JsonObject): JsonObject {
  const resources = objectOf(container['resources']);
  const limits = without(objectOf(resources['limits']), 'memory', 'cpu');
  return { ...without(container, 'image', 'env'), resources: { ...resources, limits } };
}

function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
