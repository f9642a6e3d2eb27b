import type { JsonObject } from '../../../controller/api/json.ts';
import { listOf, objectOf, without } from '../reading.ts';

/** What ECS gives a revision itself and does not take back. */
export const givenByEcs: ReadonlySet<string> = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
]);

const ofContainerState: ReadonlySet<string> = new Set(['image', 'memory', 'cpu', 'environment']);

/** What whoever registered a task definition wrote into it, besides what `ContainerState` reads of its containers. */
export function otherFields(definition: JsonObject): JsonObject {
  const containers = listOf(definition['containerDefinitions']);
  return {
    ...without(definition, givenByEcs),
    containerDefinitions: containers.map((one) => without(objectOf(one), ofContainerState)),
  };
}
