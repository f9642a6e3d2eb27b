import type { JsonObject } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { objectOf, textOf } from '../../lib/reading.ts';
import type { DeploymentChanges } from '../deployment-changes.ts';
import { actionAnnotation } from '../model.ts';
import { deploymentOf } from '../parse.ts';
import { specVersion } from '../spec-version.ts';
import type { KubernetesBackend } from './backend.ts';
import { contextArgument, nameArgument, namespaceArgument, pathOf } from './kinds.ts';
import { patchOf, type TemplateReader } from './patch.ts';

export const changeToolName = 'threehops_change_deployment';

interface ChangeArgs {
  readonly context?: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly expectedVersion: string;
  readonly actionId: string;
  readonly changes: DeploymentChanges;
}

/** A status that is written between our read and our write moves the resourceVersion and means nothing. */
const tries = 5;

/**
 * Changes a Deployment's template or scale, provided that what it changes is still what the plan was made on (`specVersion`);
 * marks what it changes with the act's id. One that has the mark already (we died before the answer) is answered and not changed.
 */
export const changeDeployment: ToolDefinition<KubernetesBackend> = {
  name: changeToolName,
  description: 'Changes image, resources, environment, replicas or template of a Deployment, fenced by their version.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['namespace', 'name', 'uid', 'expectedVersion', 'actionId', 'changes'],
    properties: {
      context: contextArgument,
      namespace: namespaceArgument,
      name: nameArgument,
      uid: { type: 'string', maxLength: 64 },
      expectedVersion: { type: 'string', minLength: 1, maxLength: 100 },
      actionId: { type: 'string', minLength: 1, maxLength: 253 },
      changes: {
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: {
          replicas: { type: 'integer', minimum: 0, maximum: 1000 },
          restartAt: { type: 'string', maxLength: 40 },
          templateOf: { type: 'string', maxLength: 253, description: 'ReplicaSet whose template is restored' },
          container: {
            type: 'object',
            additionalProperties: false,
            required: ['name'],
            properties: {
              name: { type: 'string', minLength: 1, maxLength: 253 },
              image: { type: 'string', minLength: 1, maxLength: 1024 },
              memoryMiB: { type: 'integer', minimum: 1 },
              cpuMillis: { type: 'integer', minimum: 1 },
              environment: {
                type: 'array',
                maxItems: 100,
                items: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['name'],
                  properties: {
                    name: { type: 'string', minLength: 1, maxLength: 253 },
                    value: { type: ['string', 'null'], maxLength: 8192 },
                    from: { type: 'string', maxLength: 253, description: 'ReplicaSet whose entry is restored' },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
  output: {
    type: 'object',
    required: ['version', 'replicas', 'adopted'],
    properties: { version: { type: 'string' }, replicas: { type: 'integer' }, adopted: { type: 'boolean' } },
  },
  async handle(given, { backend, signal }) {
    const args = given as unknown as ChangeArgs;
    backend.settings.assertWritable(args.context, args.namespace);
    return change(backend, args, signal);
  },
};

async function change(backend: KubernetesBackend, args: ChangeArgs, signal: AbortSignal): Promise<JsonObject> {
  const path = pathOf('apps/v1', 'Deployment', args.namespace, args.name);
  const templateOf = templateReader(backend, args, signal);
  for (let left = tries; ; left -= 1) {
    const live = objectOf(await backend.call(args.context, { path, signal }));
    if (markOf(live, args.changes) === args.actionId) return answerOf(live, args, true);
    assertUnchanged(live, args);
    const patch = await patchOf(live, args, templateOf);
    signal.throwIfAborted();
    try {
      return answerOf(objectOf(await backend.call(args.context, { path, patch, signal })), args, false);
    } catch (error) {
      if (left === 1 || !(error instanceof ToolFault) || error.code !== 'Conflict') throw error;
    }
  }
}

function assertUnchanged(live: JsonObject, args: ChangeArgs): void {
  const deployment = deploymentOf(live);
  if (deployment.uid === args.uid && specVersion(deployment, args.changes) === args.expectedVersion) return;
  throw new ToolFault('DeploymentChanged', `${args.name} has been changed since the plan was made`);
}

/** A change of the template is marked in the template, so that its ReplicaSet keeps the mark; a scaling on the Deployment. */
function markOf(live: JsonObject, changes: DeploymentChanges): string | undefined {
  const template = objectOf(objectOf(live['spec'])['template']);
  const marked = changes.replicas === undefined ? template : live;
  return textOf(objectOf(objectOf(marked['metadata'])['annotations'])[actionAnnotation]);
}

function answerOf(live: JsonObject, { changes }: ChangeArgs, adopted: boolean): JsonObject {
  const deployment = deploymentOf(live);
  return { version: specVersion(deployment, changes), replicas: deployment.desired, adopted };
}

function templateReader(backend: KubernetesBackend, args: ChangeArgs, signal: AbortSignal): TemplateReader {
  return async (replicaSet) => {
    const path = pathOf('apps/v1', 'ReplicaSet', args.namespace, replicaSet);
    const found = objectOf(await backend.call(args.context, { path, signal }));
    const owners = objectOf(found['metadata'])['ownerReferences'];
    if (!JSON.stringify(owners ?? []).includes(`"${args.uid}"`)) {
      throw new ToolFault('RevisionNotOwned', `${replicaSet} is no revision of ${args.name}`);
    }
    return objectOf(objectOf(found['spec'])['template']);
  };
}
