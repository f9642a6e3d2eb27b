import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import type { ProbeContext, Tools } from '../../../../skills/skill.ts';
import { systemClock } from '../../../../controller/kube/clock.ts';

export const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();

/** Objects by kind, as an API would list them; a kind in `broken` cannot be read. */
export class ScriptedCluster implements Tools {
  readonly objects: Record<string, JsonObject[]> = {};
  readonly broken = new Set<string>();
  /** What was listed, in order. */
  readonly listed: JsonObject[] = [];
  log: Json = '';
  /** How the answers are written: as ours, or as YAML text. */
  encode: (answer: JsonObject) => Json = (answer) => answer;

  call(tool: string, args: JsonObject): Promise<Json> {
    const kind = tool === 'pods_log' ? 'log' : (args['kind'] as string);
    if (this.broken.has(kind)) return Promise.reject(new Error(`${kind} cannot be read`));
    if (kind === 'log') return Promise.resolve(this.log);
    const found = this.objects[kind] ?? [];
    if (tool === 'resources_list') {
      this.listed.push(args);
      return Promise.resolve(this.encode({ items: found.filter((one) => fits(one, args['fieldSelector'])) }));
    }
    return found[0] === undefined ? Promise.reject(new Error('NotFound')) : Promise.resolve(this.encode(found[0]));
  }
}

/** A selector of events, as far as it asks for their type. */
function fits(object: JsonObject, selector: Json | undefined): boolean {
  if (typeof selector !== 'string') return true;
  return selector.startsWith('type=Warning') === (object['type'] === 'Warning');
}

export interface ContainerInput {
  readonly image?: string;
  readonly memory?: string;
  readonly env?: readonly JsonObject[];
  /** Further fields: of the container, of the pod's spec, and of the template's metadata. */
  readonly container?: JsonObject;
  readonly pod?: JsonObject;
  readonly metadata?: JsonObject;
}

export function template(input: ContainerInput, mark?: string): JsonObject {
  const { image = 'shop:1', memory = '128Mi', env = [], container, pod: podSpec, metadata } = input;
  const annotations = mark === undefined ? {} : { 'threehops.dev/action-id': mark };
  const containers = [{ name: 'shop', image, env, resources: { limits: { memory } }, ...container }];
  return { metadata: { labels: { app: 'shop' }, annotations, ...metadata }, spec: { containers, ...podSpec } };
}

export function deployment(input: ContainerInput, status: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    metadata: { name: 'shop', uid: 'u1', generation: 3, annotations: { 'deployment.kubernetes.io/revision': '2' } },
    spec: { replicas: 2, template: template(input), ...more },
    status: { observedGeneration: 3, ...status },
  };
}

export function replicaSet(revision: number, second: number, input: ContainerInput, mark?: string): JsonObject {
  return {
    metadata: {
      name: `shop-${revision}`,
      creationTimestamp: at(second),
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ kind: 'Deployment', uid: 'u1' }],
    },
    spec: { template: template(input, mark) },
  };
}

export function pod(name: string, status: JsonObject, revision = 2): JsonObject {
  const ownerReferences = [{ kind: 'ReplicaSet', name: `shop-${revision}` }];
  return { metadata: { name, ownerReferences }, status: { phase: 'Running', ...status } };
}

export function contextOf(tools: Tools, more: JsonObject = {}): ProbeContext {
  return {
    node: { id: 'shop/k8s', name: 'k8s', type: 'compute', with: { namespace: 'shop', deployment: 'shop', ...more } },
    tools,
    clock: systemClock,
    window: { from: new Date(at(0)), to: new Date(at(59)) },
    signal: new AbortController().signal,
  };
}
