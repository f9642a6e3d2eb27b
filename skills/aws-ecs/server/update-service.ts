import { DescribeServicesCommand, type Service, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { assertWritable, type EcsBackend } from './backend.ts';

export const updateServiceToolName = 'threehops_update_service';

interface UpdateArgs {
  readonly cluster: string;
  readonly service: string;
  readonly taskDefinition?: string;
  readonly desiredCount?: number;
  readonly forceNewDeployment?: boolean;
  readonly expectedDeployment: string;
}

/**
 * Changes a service, provided that its newest deployment is still the one that the plan was made on: otherwise somebody
 * else has deployed, and nothing is done (`DeploymentChanged`).
 */
export const updateService: ToolDefinition<EcsBackend> = {
  name: updateServiceToolName,
  description:
    'Points a service at a revision, forces a new deployment or sets its desired count, fenced by its deployment.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['cluster', 'service', 'expectedDeployment'],
    anyOf: [{ required: ['taskDefinition'] }, { required: ['desiredCount'] }, { required: ['forceNewDeployment'] }],
    properties: {
      cluster: { type: 'string', minLength: 1, maxLength: 255 },
      service: { type: 'string', minLength: 1, maxLength: 255 },
      taskDefinition: { type: 'string', minLength: 1, maxLength: 512 },
      desiredCount: { type: 'integer', minimum: 0, maximum: 1000 },
      forceNewDeployment: { type: 'boolean' },
      expectedDeployment: { type: 'string', maxLength: 255, description: 'Id of the PRIMARY deployment seen before' },
    },
  },
  output: {
    type: 'object',
    required: ['taskDefinition', 'deployment', 'desiredCount'],
    properties: {
      taskDefinition: { type: 'string' },
      deployment: { type: 'string' },
      desiredCount: { type: 'integer' },
    },
  },
  async handle(given, { backend, signal }) {
    const args = given as unknown as UpdateArgs;
    await assertWritable(backend, args.cluster, signal);
    const before = await describe(backend, args, signal);
    if (primaryId(before) !== args.expectedDeployment) {
      throw new ToolFault('DeploymentChanged', `${args.service} has been deployed since the plan was made`);
    }
    signal.throwIfAborted();
    const { service } = await backend.writes.send(commandOf(args), { abortSignal: signal });
    return {
      taskDefinition: service?.taskDefinition ?? '',
      deployment: primaryId(service),
      desiredCount: service?.desiredCount ?? 0,
    };
  },
};

async function describe(backend: EcsBackend, args: UpdateArgs, signal: AbortSignal): Promise<Service> {
  const command = new DescribeServicesCommand({ cluster: args.cluster, services: [args.service] });
  const service = (await backend.reads.send(command, { abortSignal: signal })).services?.[0];
  if (service === undefined) throw new ToolFault('ServiceNotFoundException', `no service ${args.service}`);
  return service;
}

function commandOf(args: UpdateArgs): UpdateServiceCommand {
  const { cluster, service, taskDefinition, desiredCount, forceNewDeployment } = args;
  return new UpdateServiceCommand({
    cluster,
    service,
    ...(taskDefinition === undefined ? {} : { taskDefinition }),
    ...(desiredCount === undefined ? {} : { desiredCount }),
    ...(forceNewDeployment === undefined ? {} : { forceNewDeployment }),
  });
}

function primaryId(service: Service | undefined): string {
  return service?.deployments?.find((one) => one.status === 'PRIMARY')?.id ?? '';
}
