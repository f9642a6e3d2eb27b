import type { Json, JsonObject } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import { listOf, objectOf } from '../../lib/reading.ts';
import type { ContainerChanges, DeploymentChanges, VariableChange } from '../deployment-changes.ts';
import { actionAnnotation, restartAnnotation } from '../model.ts';

/** The pod template of a ReplicaSet of the same Deployment. */
export type TemplateReader = (replicaSet: string) => Promise<JsonObject>;

interface Wanted {
  readonly actionId: string;
  readonly changes: DeploymentChanges;
}

/** A strategic merge patch, that fails with a Conflict when anything was written since `live` was read. */
export async function patchOf(live: JsonObject, wanted: Wanted, templateOf: TemplateReader): Promise<JsonObject> {
  const { resourceVersion = null } = objectOf(live['metadata']);
  const { actionId, changes } = wanted;
  const mark = { [actionAnnotation]: actionId };
  if (changes.replicas !== undefined) {
    return { metadata: { resourceVersion, annotations: mark }, spec: { replicas: changes.replicas } };
  }
  return { metadata: { resourceVersion }, spec: { template: await templatePatch(live, wanted, templateOf) } };
}

async function templatePatch(
  live: JsonObject,
  { actionId, changes }: Wanted,
  templateOf: TemplateReader,
): Promise<JsonObject> {
  if (changes.templateOf !== undefined) return restored(await templateOf(changes.templateOf), actionId);
  const restart = changes.restartAt === undefined ? {} : { [restartAnnotation]: changes.restartAt };
  const metadata = { annotations: { ...restart, [actionAnnotation]: actionId } };
  if (changes.container === undefined) return { metadata };
  const containers = [await containerPatch(containerIn(live, changes.container.name), changes.container, templateOf)];
  return { metadata, spec: { containers } };
}

/** The whole template as it was, but for the hash that the controller adds, and marked as ours. */
function restored(template: JsonObject, actionId: string): JsonObject {
  const metadata = objectOf(template['metadata']);
  const { 'pod-template-hash': _hash, ...labels } = objectOf(metadata['labels']);
  const annotations = { ...objectOf(metadata['annotations']), [actionAnnotation]: actionId };
  return { ...template, metadata: { labels, annotations }, $patch: 'replace' };
}

async function containerPatch(
  live: JsonObject,
  changes: ContainerChanges,
  templateOf: TemplateReader,
): Promise<JsonObject> {
  const { name, image, memoryMiB, cpuMillis, environment = [] } = changes;
  const limits = {
    ...(memoryMiB === undefined ? {} : { memory: `${memoryMiB}Mi` }),
    ...(cpuMillis === undefined ? {} : { cpu: `${cpuMillis}m` }),
  };
  const env = await Promise.all(environment.map((one) => variablePatch(name, one, templateOf)));
  return {
    name,
    ...(image === undefined ? {} : { image }),
    ...(Object.keys(limits).length === 0 ? {} : { resources: { limits, ...fittingRequests(live, limits) } }),
    ...(env.length === 0 ? {} : { env }),
  };
}

/** A request that equals its limit goes along with it, so that the pod keeps its quality of service. */
function fittingRequests(live: JsonObject, limits: JsonObject): JsonObject {
  const resources = objectOf(live['resources']);
  const [requested, limited] = [objectOf(resources['requests']), objectOf(resources['limits'])];
  const along = Object.entries(limits).filter(
    ([key]) => requested[key] !== undefined && requested[key] === limited[key],
  );
  return along.length === 0 ? {} : { requests: Object.fromEntries(along) };
}

async function variablePatch(container: string, change: VariableChange, templateOf: TemplateReader): Promise<Json> {
  const { name, value, from } = change;
  const wanted = from === undefined ? (value ?? null) : variableIn(await templateOf(from), container, name);
  if (wanted === null) return { name, $patch: 'delete' };
  return typeof wanted === 'string'
    ? { name, value: wanted, valueFrom: null }
    : { value: null, valueFrom: null, ...wanted };
}

function variableIn(template: JsonObject, container: string, name: string): JsonObject | null {
  const found = listOf(containerIn({ spec: { template } }, container)['env']).find(
    (one) => objectOf(one)['name'] === name,
  );
  return found === undefined ? null : objectOf(found);
}

/** @throws ToolFault `ContainerMissing` */
function containerIn(workload: JsonObject, name: string): JsonObject {
  const spec = objectOf(objectOf(objectOf(workload['spec'])['template'])['spec']);
  const found = listOf(spec['containers']).find((one) => objectOf(one)['name'] === name);
  if (found === undefined) throw new ToolFault('ContainerMissing', `there is no container ${name}`);
  return objectOf(found);
}
