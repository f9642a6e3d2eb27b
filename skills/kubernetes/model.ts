import type { JsonObject } from '../../controller/api/json.ts';
import type { ContainerState } from '../lib/container-difference.ts';

/** On a pod template (and its ReplicaSet's), or a Deployment that was scaled: the act that made it so. */
export const actionAnnotation = 'threehops.dev/action-id';
/** What `kubectl rollout restart` writes into a pod template. */
export const restartAnnotation = 'kubectl.kubernetes.io/restartedAt';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: Date | undefined;
}

/** A pod template. Memory in MiB, cpu in thousandths of a core; both are the limits. */
export interface Template {
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly ContainerState[];
  /** All else of it, as the API has it, without marks of rollouts, restarts and acts. */
  readonly others: JsonObject;
  /** By container: seconds after its start that its startup and readiness probes give it. */
  readonly startSeconds: Readonly<Record<string, number>>;
  /** The act of a session that made it; undefined where it was somebody else. */
  readonly actionId: string | undefined;
}

export interface Deployment {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly desired: number;
  readonly updated: number;
  readonly available: number;
  /** All pods, those of older revisions too. */
  readonly total: number;
  readonly paused: boolean;
  readonly revision: number;
  readonly actionId: string | undefined;
  readonly conditions: readonly Condition[];
  /** The `matchLabels` that its ReplicaSets and pods have, among others. */
  readonly selector: Readonly<Record<string, string>>;
  readonly template: Template;
  /** Of the whole pod template, with what this project does not read of it. */
  readonly templateDigest: string;
}

/** A ReplicaSet of the Deployment. */
export interface Revision {
  readonly name: string;
  readonly revision: number;
  readonly createdAt: Date | undefined;
  readonly replicas: number;
  readonly template: Template;
}

export interface Pod {
  readonly name: string;
  readonly replicaSet: string;
  readonly phase: string;
  readonly createdAt: Date | undefined;
  readonly conditions: readonly Condition[];
  readonly containers: readonly PodContainer[];
}

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  readonly startedAt: Date | undefined;
  /** How it ended last. */
  readonly ended: Ended | undefined;
}

export interface Ended {
  readonly exitCode: number;
  readonly reason: string;
  /** The program's own last words, where the pod keeps them. */
  readonly message: string;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
}

export interface KubeEvent {
  readonly object: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt: Date | undefined;
  readonly lastAt: Date | undefined;
}
