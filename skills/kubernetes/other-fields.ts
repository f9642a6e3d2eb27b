import type { JsonObject } from '../../controller/api/json.ts';
import { listOf, objectOf, without } from '../lib/reading.ts';

/**
 * What a pod's spec holds besides what `ContainerState` reads. Labels and annotations are left out: of rollouts, restarts, charts and
 * acts there are marks among them that change nothing of how a program runs.
 */
export function otherFields(template: JsonObject): JsonObject {
  const spec = objectOf(template['spec']);
  return { spec: { ...spec, containers: listOf(spec['containers']).map((one) => otherOfContainer(objectOf(one))) } };
}

function otherOfContainer(container: JsonObject): JsonObject {
  const resources = objectOf(container['resources']);
  const limits = without(objectOf(resources['limits']), ['memory', 'cpu']);
  return { ...without(container, ['image', 'env']), resources: { ...resources, limits } };
}
