import type { ApprovalSpec, ApprovalStatus } from './generated/approval.ts';
import type { DebugSessionSpec, DebugSessionStatus } from './generated/debug-session.ts';
import type { EvidenceSpec } from './generated/evidence.ts';
import type { ServiceTopologySpec, ServiceTopologyStatus } from './generated/service-topology.ts';
import type { SkillSpec, SkillStatus } from './generated/skill.ts';
import type { ToolServerSpec, ToolServerStatus } from './generated/tool-server.ts';

/** The part of Kubernetes' ObjectMeta that the operator reads and writes. Times are RFC 3339. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

interface Stored<Kind extends string> {
  readonly apiVersion: 'threehops.dev/v1alpha1';
  readonly kind: Kind;
  readonly metadata: ObjectMeta;
}

export type ServiceTopology = Stored<'ServiceTopology'> & {
  readonly spec: ServiceTopologySpec;
  readonly status?: ServiceTopologyStatus;
};
export type DebugSession = Stored<'DebugSession'> & {
  readonly spec: DebugSessionSpec;
  readonly status?: DebugSessionStatus;
};
export type Approval = Stored<'Approval'> & { readonly spec: ApprovalSpec; readonly status?: ApprovalStatus };
export type Evidence = Stored<'Evidence'> & { readonly spec: EvidenceSpec };
export type ToolServer = Stored<'ToolServer'> & { readonly spec: ToolServerSpec; readonly status?: ToolServerStatus };
/** The resource; what the operator makes of it is a Skill like its own (skills/skill.ts). */
export type DeclaredSkill = Stored<'Skill'> & { readonly spec: SkillSpec; readonly status?: SkillStatus };

export type Phase = NonNullable<DebugSessionStatus['phase']>;
export type Outcome = NonNullable<DebugSessionStatus['outcome']>;
export type Intent = NonNullable<DebugSessionStatus['intents']>[number];
export type Iteration = NonNullable<DebugSessionStatus['history']>[number];
export type TopologyNode = NonNullable<ServiceTopologySpec['self']>[number];
export type Diagnosed = NonNullable<DebugSessionStatus['diagnosis']>;
