import { load } from 'js-yaml';
import type { Json, JsonObject } from '../../controller/api/json.ts';
import { listOf, objectOf, textOf } from '../lib/reading.ts';
import type { Tools } from '../skill.ts';
import type { Deployment, Pod, Revision } from './model.ts';
import { deploymentOf, isOwnedBy, revisionOf } from './parse.ts';
import { podOf } from './parse-pod.ts';

export const getTool = 'resources_get';
export const listTool = 'resources_list';
export const logTool = 'pods_log';

export interface Target {
  readonly context?: string;
  readonly namespace: string;
  readonly deployment: string;
}

export function targetOf(parameters: JsonObject): Target {
  const context = textOf(parameters['context']);
  return {
    ...(context === undefined ? {} : { context }),
    namespace: textOf(parameters['namespace']) ?? '',
    deployment: textOf(parameters['deployment']) ?? '',
  };
}

export function identity(parameters: JsonObject): string | undefined {
  const { context = '', namespace, deployment } = targetOf(parameters);
  return deployment === '' ? undefined : `kubernetes:${context}/${namespace}/deployment/${deployment}`;
}

/** @throws ToolError */
export async function getDeployment(tools: Tools, target: Target, signal: AbortSignal): Promise<Deployment> {
  const args = { ...placeOf(target), apiVersion: 'apps/v1', kind: 'Deployment', name: target.deployment };
  return deploymentOf(objectOf(decoded(await tools.call(getTool, args, signal))));
}

/** The Deployment's own ReplicaSets, newest revision first. @throws ToolError */
export async function listRevisions(
  tools: Tools,
  target: Target,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<readonly Revision[]> {
  const found = await listObjects(tools, target, selected('apps/v1', 'ReplicaSet', deployment), signal);
  return found
    .filter((one) => isOwnedBy(one, deployment.uid))
    .map(revisionOf)
    .toSorted((a, b) => b.revision - a.revision);
}

/** What the Deployment's selector selects, other Deployments' of the same labels too. @throws ToolError */
export async function listPods(
  tools: Tools,
  target: Target,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<readonly Pod[]> {
  return (await listObjects(tools, target, selected('v1', 'Pod', deployment), signal)).map(podOf);
}

/** What is listed: all of a kind, or what a selector leaves of it, in a namespace that may hold thousands. */
export interface Listed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

function selected(apiVersion: string, kind: string, { selector }: Deployment): Listed {
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return { apiVersion, kind, ...(labels.length === 0 ? {} : { labelSelector: labels.join(',') }) };
}

/** The objects of a kind in the target's namespace. @throws ToolError */
export async function listObjects(
  tools: Tools,
  target: Target,
  listed: Listed,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const answer = decoded(await tools.call(listTool, { ...placeOf(target), ...listed }, signal));
  const items = Array.isArray(answer) ? answer : listOf(objectOf(answer)['items']);
  return items.map((item) => objectOf(item as Json));
}

export function placeOf({ context, namespace }: Target): JsonObject {
  return { namespace, ...(context === undefined ? {} : { context }) };
}

/** The contract's servers answer YAML, ours what it means. */
function decoded(answer: Json): Json {
  return typeof answer === 'string' ? (load(answer) as Json) : answer;
}
