import type { JsonObject } from '../../../controller/api/json.ts';
import type { VariableDifference } from '../variables.ts';

/** An entry of `aws-ecs.update-task-definition`: what the variable was. A secret is restored by where it stands, not by what it is. */
export function restoredVariable({ name, from, redacted }: VariableDifference, taskDefinition: string): JsonObject {
  return redacted && from !== null ? { name, restoreFrom: taskDefinition } : { name, value: from };
}
