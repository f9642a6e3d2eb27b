import type { ContainerState } from '../../lib/container-difference.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import type { ActionContext, RenderedAction } from '../../skill.ts';
import { getDeployment, identity, listRevisions, type Target, targetOf } from '../api.ts';
import type { DeploymentChanges } from '../deployment-changes.ts';
import type { Deployment, Revision } from '../model.ts';
import { specVersion } from '../spec-version.ts';
import { type Frozen, toJson } from './frozen.ts';

/** The Deployment as it is now, and its revisions, newest first. */
export interface Live {
  readonly target: Target;
  readonly deployment: Deployment;
  readonly revisions: readonly Revision[];
}

export async function readLive({ node, tools, signal }: ActionContext): Promise<Live> {
  const target = targetOf(node.with);
  const deployment = await getDeployment(tools, target, signal);
  return { target, deployment, revisions: await listRevisions(tools, target, deployment, signal) };
}

/** A plan of these changes, told line by line. */
export function plan(
  { node }: ActionContext,
  { target, deployment, revisions }: Live,
  changes: DeploymentChanges,
  lines: readonly string[],
): RenderedAction {
  const version = specVersion(deployment, changes);
  const frozen: Frozen = {
    ...target,
    uid: deployment.uid,
    version,
    replicaSet: revisions[0]?.name ?? '',
    replicas: deployment.desired,
    changes,
  };
  return {
    diff: [`deployment ${target.deployment} in ${target.namespace}`, ...lines].join('\n'),
    target: { identity: identity(node.with) ?? node.id, version: `${deployment.uid} ${version}` },
    frozen: toJson(frozen),
    edits: [],
  };
}

/** The named container, else the first. @throws PlanRefused `ContainerMissing` */
export function chooseContainer({ template }: Deployment, ...names: readonly (string | undefined)[]): ContainerState {
  const name = names.find((one) => one !== undefined);
  const found = template.containers.find((one) => name === undefined || one.name === name);
  if (found !== undefined) return found;
  throw new PlanRefused('ContainerMissing', `the Deployment has no container ${name ?? 'at all'}`);
}
