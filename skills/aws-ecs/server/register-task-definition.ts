import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { actionTag } from '../../lib/ecs/model.ts';
import { revisionOf } from '../../lib/ecs/names.ts';
import { assertWritable, type EcsBackend } from './backend.ts';
import { type EnvironmentOf, newRevision, type RevisionChanges } from './new-revision.ts';

export const registerToolName = 'threehops_register_task_definition';

/** How many revisions are looked through for one that this act registered before a crash. */
const adoptable = 10;

interface RegisterArgs {
  readonly cluster: string;
  readonly service: string;
  readonly base: string;
  readonly actionId: string;
  readonly changes: RevisionChanges;
}

/**
 * A new revision of the family that the service runs: its base with a few fields changed, tagged with the act's id. If one
 * with that tag is there already (we died between registering and answering), it is answered and nothing is registered.
 */
export const registerTaskDefinition: ToolDefinition<EcsBackend> = {
  name: registerToolName,
  description: 'Registers a revision of the task definition that a service runs, with the given fields changed.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['cluster', 'service', 'base', 'actionId', 'changes'],
    properties: {
      cluster: { type: 'string', minLength: 1, maxLength: 255 },
      service: { type: 'string', minLength: 1, maxLength: 255 },
      base: { type: 'string', minLength: 1, maxLength: 512, description: 'ARN of the revision that is changed' },
      actionId: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[A-Za-z0-9 _.:/=+@-]+$' },
      changes: {
        type: 'object',
        additionalProperties: false,
        required: ['container'],
        properties: {
          container: { type: 'string', minLength: 1, maxLength: 255 },
          containerMemory: { type: 'integer', minimum: 4 },
          taskMemory: { type: 'integer', minimum: 4 },
          containerCpu: { type: 'integer', minimum: 0 },
          taskCpu: { type: 'integer', minimum: 1 },
          image: { type: 'string', minLength: 1, maxLength: 1024 },
          environment: {
            type: 'array',
            maxItems: 100,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['name'],
              properties: {
                name: { type: 'string', minLength: 1, maxLength: 255 },
                value: { type: ['string', 'null'], maxLength: 8192 },
                from: { type: 'string', maxLength: 512 },
              },
            },
          },
        },
      },
    },
  },
  output: {
    type: 'object',
    required: ['taskDefinition', 'adopted'],
    properties: { taskDefinition: { type: 'string' }, adopted: { type: 'boolean' } },
  },
  async handle(given, { backend, signal }) {
    const args = given as unknown as RegisterArgs;
    await assertWritable(backend, args.cluster, signal);
    await assertFamily(backend, args, signal);
    const earlier = await tagged(backend, args, signal);
    if (earlier !== undefined) return { taskDefinition: earlier, adopted: true };
    return { taskDefinition: await register(backend, args, signal), adopted: false };
  },
};

/** The allow-list names clusters, so what is registered must be for a service of one: the family that it runs. */
async function assertFamily(backend: EcsBackend, args: RegisterArgs, signal: AbortSignal): Promise<void> {
  const command = new DescribeServicesCommand({ cluster: args.cluster, services: [args.service] });
  const answer = await backend.reads.send(command, { abortSignal: signal });
  const runs = answer.services?.[0]?.taskDefinition;
  if (runs === undefined) throw new ToolFault('ServiceNotFoundException', `no service ${args.service}`);
  if (revisionOf(runs).family !== revisionOf(args.base).family) {
    throw new ToolFault('FamilyNotAllowed', `${args.service} does not run the family of ${args.base}`);
  }
}

async function tagged(backend: EcsBackend, args: RegisterArgs, signal: AbortSignal): Promise<string | undefined> {
  const { family, revision } = revisionOf(args.base);
  const list = new ListTaskDefinitionsCommand({ familyPrefix: family, sort: 'DESC', maxResults: adoptable });
  const { taskDefinitionArns = [] } = await backend.reads.send(list, { abortSignal: signal });
  for (const arn of taskDefinitionArns.filter((one) => revisionOf(one).revision > revision)) {
    const describe = new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] });
    const { tags = [] } = await backend.reads.send(describe, { abortSignal: signal });
    if (tags.some((tag) => tag.key === actionTag && tag.value === args.actionId)) return arn;
  }
  return undefined;
}

async function register(backend: EcsBackend, args: RegisterArgs, signal: AbortSignal): Promise<string> {
  const describe = new DescribeTaskDefinitionCommand({ taskDefinition: args.base, include: ['TAGS'] });
  const { taskDefinition, tags = [] } = await backend.reads.send(describe, { abortSignal: signal });
  if (taskDefinition === undefined) throw new ToolFault('ClientException', `no task definition ${args.base}`);
  const environmentOf = environmentReader(backend, args.changes.container, signal);
  const input = await newRevision(taskDefinition, tags, args.changes, args.actionId, environmentOf);
  signal.throwIfAborted();
  const answer = await backend.writes.send(new RegisterTaskDefinitionCommand(input), { abortSignal: signal });
  return answer.taskDefinition?.taskDefinitionArn ?? '';
}

function environmentReader(backend: EcsBackend, container: string, signal: AbortSignal): EnvironmentOf {
  return async (taskDefinition) => {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition });
    const answer = await backend.reads.send(command, { abortSignal: signal });
    const found = answer.taskDefinition?.containerDefinitions?.find((one) => one.name === container);
    return new Map((found?.environment ?? []).map(({ name, value }) => [name ?? '', value ?? '']));
  };
}
