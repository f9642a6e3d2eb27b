import type {
  CreateServiceRequest,
  CreateServiceResponse,
  DeleteServiceRequest,
  DeleteServiceResponse,
  DescribeServicesRequest,
  DescribeServicesResponse,
  ListServicesRequest,
  ListServicesResponse,
  Service,
  UpdateServiceRequest,
  UpdateServiceResponse,
} from '@aws-sdk/client-ecs';
import { nameIn } from '../model/arns.ts';
import type { ServiceRecord, TaskDefinitionRecord } from '../model/records.ts';
import { viewService } from '../model/service-view.ts';
import { clientError, EcsError, invalid } from '../protocol/ecs-error.ts';
import type { Operation, OperationContext } from './context.ts';
import { checkCount, checkName, checkTags, paginate, required } from './input.ts';
import { deploy } from './new-deployment.ts';
import { defaultSettings, mergeConfiguration, settingsIn } from './service-settings.ts';

export const createService: Operation<CreateServiceRequest, CreateServiceResponse> = (context, input) => {
  const cluster = context.world.cluster(input.cluster);
  const name = checkName(required(input.serviceName, 'Service name'), 'Service name');
  refuseExisting(cluster.services.get(name));
  const taskDefinition = deployable(context, required(input.taskDefinition, 'TaskDefinition'));
  const service: ServiceRecord = {
    name,
    arn: context.world.arns.service(cluster.name, name),
    cluster,
    createdAt: new Date(),
    settings: { ...defaultSettings, ...settingsIn(input) },
    status: 'ACTIVE',
    desiredCount: checkCount(input.desiredCount, 'desiredCount') ?? 1,
    configuration: mergeConfiguration(input.deploymentConfiguration),
    deployments: [],
    events: [],
    serviceDeployments: [],
    tags: checkTags(input.tags),
    steady: false,
  };
  cluster.services.set(name, service);
  deploy(context, service, taskDefinition);
  context.wake();
  return { service: view(context, service, true) };
};

export const updateService: Operation<UpdateServiceRequest, UpdateServiceResponse> = (context, input) => {
  const service = context.world.service(input.cluster, required(input.service, 'Service'));
  if (service.status !== 'ACTIVE') throw new EcsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  const current = service.deployments[0]?.taskDefinition;
  const wanted = input.taskDefinition === undefined ? current : deployable(context, input.taskDefinition);
  const desiredCount = checkCount(input.desiredCount, 'desiredCount') ?? service.desiredCount;
  service.configuration = mergeConfiguration(input.deploymentConfiguration, service.configuration);
  service.settings = { ...service.settings, ...settingsIn(input) };
  service.desiredCount = desiredCount;
  const changed = wanted !== current || input.forceNewDeployment === true;
  if (changed && wanted !== undefined) deploy(context, service, wanted);
  context.wake();
  return { service: view(context, service, true) };
};

export const describeServices: Operation<DescribeServicesRequest, DescribeServicesResponse> = (context, input) => {
  const { world } = context;
  const references = input.services ?? [];
  if (references.length === 0) throw invalid('Services cannot be empty.');
  if (references.length > 10) throw invalid('Services can contain at most 10 items.');
  const cluster = world.cluster(input.cluster);
  const services: Service[] = [];
  const failures = [];
  for (const reference of references) {
    const name = nameIn(reference);
    const service = cluster.services.get(name);
    if (service === undefined) failures.push({ arn: world.arns.service(cluster.name, name), reason: 'MISSING' });
    else services.push(view(context, service, input.include?.includes('TAGS') === true));
  }
  return { services, failures };
};

export const listServices: Operation<ListServicesRequest, ListServicesResponse> = ({ world }, input) => {
  const cluster = world.cluster(input.cluster);
  const wanted = [...cluster.services.values()].filter(
    ({ status, settings }) =>
      status !== 'INACTIVE' && (input.launchType === undefined || settings.launchType === input.launchType),
  );
  const [serviceArns, nextToken] = paginate(
    wanted.map(({ arn }) => arn),
    input,
  );
  return { serviceArns, nextToken };
};

/** The service drains and is then INACTIVE; it can still be described. */
export const deleteService: Operation<DeleteServiceRequest, DeleteServiceResponse> = (context, input) => {
  const service = context.world.service(input.cluster, required(input.service, 'Service'));
  if (service.status === 'INACTIVE') throw new EcsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  if (service.desiredCount > 0 && input.force !== true) {
    throw invalid('The service cannot be stopped while it is scaled above 0.');
  }
  service.status = 'DRAINING';
  service.desiredCount = 0;
  context.wake();
  return { service: view(context, service, true) };
};

function view(context: OperationContext, service: ServiceRecord, withTags: boolean): Service {
  return viewService(service, context.world.tasksOf(service), withTags);
}

function refuseExisting(existing: ServiceRecord | undefined): void {
  if (existing?.status === 'ACTIVE') throw invalid('Creation of service was not idempotent.');
  if (existing?.status === 'DRAINING') throw invalid('Unable to Start a service that is still Draining.');
}

function deployable({ world }: OperationContext, reference: string): TaskDefinitionRecord {
  const record = world.taskDefinition(reference);
  if (record === undefined) throw clientError('TaskDefinition not found.');
  if (record.status === 'INACTIVE') throw clientError('TaskDefinition is inactive');
  return record;
}
