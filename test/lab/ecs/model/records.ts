import type {
  ClusterSetting,
  ContainerDefinition,
  DeploymentConfiguration,
  DeploymentRolloutState,
  HealthStatus,
  ServiceDeploymentStatus,
  Service,
  ServiceEvent,
  Tag,
  TaskDefinition,
  TaskStopCode,
} from '@aws-sdk/client-ecs';

export interface ClusterRecord {
  readonly name: string;
  readonly arn: string;
  status: 'ACTIVE' | 'INACTIVE';
  tags: Tag[];
  settings: ClusterSetting[];
  readonly services: Map<string, ServiceRecord>;
  readonly tasks: Map<string, TaskRecord>;
}

export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly definition: TaskDefinition;
  readonly containers: readonly ContainerDefinition[];
  status: 'ACTIVE' | 'INACTIVE';
  deregisteredAt: Date | undefined;
  tags: Tag[];
}

/** The members of a service that are kept as they were given and shown again, without a part in what the lab does. */
export type ServiceSettings = Pick<
  Service,
  | 'availabilityZoneRebalancing'
  | 'capacityProviderStrategy'
  | 'deploymentController'
  | 'enableECSManagedTags'
  | 'enableExecuteCommand'
  | 'healthCheckGracePeriodSeconds'
  | 'launchType'
  | 'loadBalancers'
  | 'networkConfiguration'
  | 'placementConstraints'
  | 'placementStrategy'
  | 'platformVersion'
  | 'propagateTags'
  | 'schedulingStrategy'
  | 'serviceRegistries'
>;

export interface ServiceRecord {
  readonly name: string;
  readonly arn: string;
  readonly cluster: ClusterRecord;
  readonly createdAt: Date;
  settings: ServiceSettings;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  configuration: DeploymentConfiguration;
  /** The primary one first, then from new to old; those that have nothing left to stop are gone. */
  deployments: DeploymentRecord[];
  /** Newest first, as ECS keeps them at most 100. */
  events: ServiceEvent[];
  /** Newest first. */
  serviceDeployments: ServiceDeploymentRecord[];
  tags: Tag[];
  steady: boolean;
}

export interface DeploymentRecord {
  readonly id: string;
  readonly taskDefinition: TaskDefinitionRecord;
  readonly revisionArn: string;
  readonly createdAt: Date;
  status: 'PRIMARY' | 'ACTIVE';
  updatedAt: Date;
  rolloutState: DeploymentRolloutState;
  rolloutStateReason: string;
  /** As the API shows it: tasks that ended before they were steady, since the last one that was. */
  failedTasks: number;
  /** The same, but counted on after the rollout, to space restarts. */
  failuresInARow: number;
  /** Milliseconds since 1970: no new task before this. */
  startNotBefore: number;
  /** It was COMPLETED once, so a failed one can roll back to it. */
  completedOnce: boolean;
}

export interface ServiceDeploymentRecord {
  readonly arn: string;
  readonly deployment: DeploymentRecord;
  readonly sources: readonly DeploymentRecord[];
  readonly createdAt: Date;
  readonly startedAt: Date;
  status: ServiceDeploymentStatus;
  statusReason: string | undefined;
  updatedAt: Date;
  finishedAt: Date | undefined;
  rollback: { readonly reason: string; readonly startedAt: Date; readonly target: DeploymentRecord } | undefined;
  breaker: {
    status: 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED' | 'DISABLED';
    failures: number;
    threshold: number;
  };
}

export interface StopReason {
  readonly code: TaskStopCode;
  readonly reason: string;
  /** The task came to harm, as opposed to: somebody wanted it stopped. */
  readonly isFailure: boolean;
}

export interface ContainerRecord {
  readonly definition: ContainerDefinition;
  readonly name: string;
  readonly arn: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  healthStatus: HealthStatus;
  /** It can do its work: its health check passes, or its port accepts connections, or it has neither and runs. */
  ready: boolean;
  /** The loopback port that stands for its first port mapping. */
  port: number | undefined;
  runtimeId: string | undefined;
  exitCode: number | undefined;
  reason: string | undefined;
}

export type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';

export interface TaskRecord {
  readonly id: string;
  readonly arn: string;
  readonly cluster: ClusterRecord;
  readonly service: ServiceRecord;
  readonly deployment: DeploymentRecord;
  readonly taskDefinition: TaskDefinitionRecord;
  readonly containers: readonly ContainerRecord[];
  readonly createdAt: Date;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  tags: Tag[];
  version: number;
  pullStartedAt: Date | undefined;
  pullStoppedAt: Date | undefined;
  startedAt: Date | undefined;
  stoppingAt: Date | undefined;
  executionStoppedAt: Date | undefined;
  stoppedAt: Date | undefined;
  stop: StopReason | undefined;
  /** Milliseconds since 1970, while all its essential containers are ready. */
  readySince: number | undefined;
  /** It was ready for `steadyMs` on end. */
  steady: boolean;
}
