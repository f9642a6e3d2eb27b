/** What may be changed of a Deployment: its scale, or its template. */
export interface DeploymentChanges {
  readonly replicas?: number;
  /** When it is restarted, RFC 3339: as `kubectl rollout restart` writes it. */
  readonly restartAt?: string;
  readonly templateOf?: string;
  readonly container?: ContainerChanges;
}

export interface ContainerChanges {
  readonly name: string;
  readonly image?: string;
  readonly memoryMiB?: number;
  readonly cpuMillis?: number;
  readonly environment?: readonly VariableChange[];
}

export interface VariableChange {
  readonly name: string;
  /** null unsets. */
  readonly value?: string | null;
  /** The ReplicaSet whose entry is restored, so that a secret is never part of a plan. */
  readonly from?: string;
}
