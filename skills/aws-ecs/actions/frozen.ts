import type { JsonObject } from '../../../controller/api/json.ts';
import type { SizeChanges } from './sizing.ts';

/** What every plan on a service carries. */
interface Planned {
  readonly cluster: string;
  readonly service: string;
  /** The PRIMARY deployment when the plan was made: the fence. */
  readonly deployment: string;
  /** ARN of the revision that ran when the plan was made. */
  readonly base: string;
}

export type EnvironmentChange = {
  readonly name: string;
  /** null unsets. */
  readonly value?: string | null;
  /** ARN of the revision whose value is restored, so that a secret is never part of a plan. */
  readonly from?: string;
};

export interface NewRevision extends Planned {
  readonly operation: 'NewRevision';
  readonly changes: SizeChanges & {
    readonly container: string;
    readonly image?: string;
    readonly environment?: readonly EnvironmentChange[];
  };
}

export interface PointAt extends Planned {
  readonly operation: 'PointAt';
  readonly taskDefinition: string;
}

export interface ForceDeployment extends Planned {
  readonly operation: 'ForceDeployment';
}

export interface Scale extends Planned {
  readonly operation: 'Scale';
  readonly fromCount: number;
  readonly desiredCount: number;
}

/** The frozen part of a plan: what `execute`, `probe`, `settled` and `rollback` work from. */
export type Frozen = NewRevision | PointAt | ForceDeployment | Scale;

/** What `execute` answers. */
export type Evidence = {
  readonly taskDefinition: string;
  /** Id of the deployment that the act made or, for a scaling, changed; empty where it can no longer be told. */
  readonly deployment: string;
  readonly desiredCount: number;
  /** When ECS answered; for an act found after a crash, when it was found. */
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
