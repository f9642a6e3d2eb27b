import type { KubeObject } from '../../kube/object.ts';
import { resource } from '../../kube/resource.ts';

/** The parts of these kinds that the sandbox reads; what it writes is rendered in render-job.ts. */
export interface Job extends KubeObject {
  readonly spec?: object;
}

export interface Secret extends KubeObject {
  readonly immutable: boolean;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface Terminated {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
}

export interface ContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: object;
    readonly terminated?: Terminated;
  };
}

export interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Pod extends KubeObject {
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly PodCondition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface NetworkPolicy extends KubeObject {
  readonly spec?: {
    readonly podSelector?: {
      readonly matchLabels?: Readonly<Record<string, string>>;
      readonly matchExpressions?: readonly object[];
    };
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly object[];
    readonly egress?: readonly object[];
  };
}

export interface Event extends KubeObject {
  readonly type?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
}

export const jobs = resource<Job>('batch', 'v1', 'jobs', 'Job');
export const secrets = resource<Secret>('', 'v1', 'secrets', 'Secret');
export const pods = resource<Pod>('', 'v1', 'pods', 'Pod');
export const events = resource<Event>('', 'v1', 'events', 'Event');
export const namespaces = resource('', 'v1', 'namespaces', 'Namespace', 'Cluster');
export const networkPolicies = resource<NetworkPolicy>('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy');
export const runtimeClasses = resource('node.k8s.io', 'v1', 'runtimeclasses', 'RuntimeClass', 'Cluster');
