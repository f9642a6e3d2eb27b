import { load } from 'js-yaml';
import type { Json, JsonObject } from '../../controller/api/json.ts';
import { listOf, objectOf, textOf } from '../lib/reading.ts';
import type { Tools } from '../skill.ts';
import type { Deployment, Revision } from './model.ts';
import { deploymentOf, isOwnedBy, revisionOf } from './parse.ts';

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
  uid: string,
  signal: AbortSignal,
): Promise<readonly Revision[]> {
  const found = await listObjects(tools, target, ['apps/v1', 'ReplicaSet'], signal);
  return found
    .filter((one) => isOwnedBy(one, uid))
    .map(revisionOf)
    .toSorted((a, b) => b.revision - a.revision);
}

/** The objects of a kind in the target's namespace. @throws ToolError */
export async function listObjects(
  tools: Tools,
  target: Target,
  [apiVersion, kind]: readonly [apiVersion: string, kind: string],
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const answer = decoded(await tools.call(listTool, { ...placeOf(target), apiVersion, kind }, signal));
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
