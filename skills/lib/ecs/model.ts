import type { JsonObject } from '../../../controller/api/json.ts';

/** What this project reads of ECS. Fields that the API leaves out are undefined; sizes are MiB and CPU units. */

export type RolloutState = 'COMPLETED' | 'FAILED' | 'IN_PROGRESS';

export interface EcsDeployment {
  readonly id: string;
  /** PRIMARY is the newest; the ones it replaces are ACTIVE until they are gone. */
  readonly status: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failedTasks: number;
  readonly createdAt?: Date;
  readonly updatedAt?: Date;
  readonly rolloutState?: RolloutState;
  readonly rolloutReason?: string;
}

export interface EcsEvent {
  readonly at?: Date;
  readonly message: string;
}

export interface EcsService {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Of a rolling update: how many tasks have to stay, and how many there may be, in percent of those desired. */
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly deployments: readonly EcsDeployment[];
  readonly events: readonly EcsEvent[];
}

export interface EcsContainer {
  readonly name: string;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly lastStatus?: string;
  readonly healthStatus?: string;
}

export interface EcsTask {
  readonly arn: string;
  readonly taskDefinition: string;
  /** The id of the deployment that started it. */
  readonly startedBy?: string;
  readonly lastStatus: string;
  readonly healthStatus?: string;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly createdAt?: Date;
  readonly startedAt?: Date;
  readonly stoppedAt?: Date;
  readonly containers: readonly EcsContainer[];
}

export interface EcsContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  /** Hard limit; a container beyond it is killed. */
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly cpu?: number;
  readonly healthCheck?: EcsHealthCheck;
  readonly environment: Readonly<Record<string, string>>;
}

/** When a container counts as ill: after so many failures in a row, a check each interval; none counts in the start period. */
export interface EcsHealthCheck {
  readonly intervalSeconds: number;
  readonly retries: number;
  readonly startSeconds: number;
}

export interface EcsTaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly memory?: number;
  readonly cpu?: number;
  readonly fargate: boolean;
  readonly registeredAt?: Date;
  readonly containers: readonly EcsContainerDefinition[];
  /** All else that was registered, and the sizes of the task once more, as the API has it. */
  readonly others: JsonObject;
  readonly tags: Readonly<Record<string, string>>;
}

/** One deployment of a service that there was: ECS remembers them for about three months. */
export interface PastDeployment {
  /** `SUCCESSFUL`, `STOPPED` (a newer one began), `ROLLBACK_SUCCESSFUL`, `IN_PROGRESS`, ... */
  readonly status: string;
  readonly reason?: string;
  /** What it was to bring. */
  readonly taskDefinition: string;
  readonly createdAt?: Date;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
}

/** The tag that makes a revision recognisable as an act of a session. */
export const actionTag = 'threehops.dev/action-id';
