import type { JsonObject } from '../../../controller/api/json.ts';
import type { DeploymentChanges } from '../deployment-changes.ts';

/** The frozen part of a plan: what `execute`, `probe`, `settled` and `rollback` work from. */
export type Frozen = {
  readonly context?: string;
  readonly namespace: string;
  readonly deployment: string;
  readonly uid: string;
  /** Of what the changes are about (`specVersion`), when the plan was made: the fence. */
  readonly version: string;
  /** The ReplicaSet and the count when the plan was made: what taking it back restores. */
  readonly replicaSet: string;
  readonly replicas: number;
  readonly changes: DeploymentChanges;
};

/** What `execute` answers. */
export type Evidence = {
  readonly actionId: string;
  /** Of what the act made (`specVersion`). */
  readonly version: string;
  readonly replicas: number;
  readonly at: string;
};

/** A plan goes out as JSON and comes back as it was: the digest over it has been checked. */
export function toJson(frozen: Frozen): JsonObject {
  return frozen as unknown as JsonObject;
}

export function fromJson(frozen: JsonObject): Frozen {
  return frozen as unknown as Frozen;
}

export function evidenceOf(evidence: JsonObject): Evidence {
  return evidence as unknown as Evidence;
}
