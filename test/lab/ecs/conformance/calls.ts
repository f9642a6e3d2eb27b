/**
 * A step: a call, what its answer must show (by path), what of it later steps use as `$name`. With `until`, the call is made again until
 * the answer shows that. `$client` stands for a name of the client's own.
 */
export interface Step {
  readonly call: string;
  readonly input?: object;
  readonly keep?: Readonly<Record<string, string>>;
  readonly expect?: Readonly<Record<string, unknown>>;
  readonly until?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

const cluster = '$client';
const service = 'shop';

const container = {
  name: 'app',
  image: 'app:1',
  memory: 128,
  portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
  environment: [{ name: 'VERSION', value: 'v1' }],
  healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/health'], interval: 5, timeout: 2, retries: 2 },
  logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/lab', 'awslogs-stream-prefix': 'ecs' } },
};

const stable = { 'services.0.deployments.0.rolloutState': 'COMPLETED', 'services.0.runningCount': 1 };

const makes: readonly Step[] = [
  {
    call: 'CreateCluster',
    input: { clusterName: cluster },
    expect: { 'cluster.status': 'ACTIVE' },
    keep: { clusterArn: 'cluster.clusterArn' },
  },
  {
    call: 'DescribeClusters',
    input: { clusters: [cluster, 'nowhere'], include: ['TAGS', 'SETTINGS'] },
    expect: { 'clusters.0.clusterName': '$client', 'failures.0.reason': 'MISSING' },
  },
  { call: 'ListClusters', input: { maxResults: 100 } },
  {
    call: 'RegisterTaskDefinition',
    input: {
      family: '$client-web',
      containerDefinitions: [container],
      tags: [{ key: 'threehops-action', value: 'a1' }],
    },
    expect: { 'taskDefinition.revision': 1, 'taskDefinition.status': 'ACTIVE', 'tags.0.value': 'a1' },
    keep: { first: 'taskDefinition.taskDefinitionArn' },
  },
  {
    call: 'DescribeTaskDefinition',
    input: { taskDefinition: '$client-web', include: ['TAGS'] },
    expect: { 'taskDefinition.taskDefinitionArn': '$first', 'tags.0.key': 'threehops-action' },
  },
  {
    call: 'ListTaskDefinitions',
    input: { familyPrefix: '$client-web', sort: 'DESC' },
    expect: { 'taskDefinitionArns.0': '$first' },
  },
  {
    call: 'ListTaskDefinitionFamilies',
    input: { familyPrefix: '$client', status: 'ACTIVE' },
    expect: { 'families.0': '$client-web' },
  },
  {
    call: 'CreateService',
    input: {
      cluster,
      serviceName: service,
      taskDefinition: '$client-web',
      desiredCount: 1,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      tags: [{ key: 'team', value: 'payments' }],
    },
    expect: { 'service.status': 'ACTIVE', 'service.deployments.0.status': 'PRIMARY' },
    keep: { serviceArn: 'service.serviceArn' },
  },
  {
    call: 'DescribeServices',
    input: { cluster, services: [service, 'nothing'], include: ['TAGS'] },
    until: stable,
    expect: { 'services.0.tags.0.value': 'payments', 'failures.0.reason': 'MISSING' },
  },
  { call: 'ListServices', input: { cluster }, expect: { 'serviceArns.0': '$serviceArn' } },
];

const changes: readonly Step[] = [
  { call: 'ListTasks', input: { cluster, serviceName: service }, keep: { task: 'taskArns.0' } },
  {
    call: 'DescribeTasks',
    input: { cluster, tasks: ['$task', 'f'.repeat(32)], include: ['TAGS'] },
    expect: { 'tasks.0.lastStatus': 'RUNNING', 'tasks.0.healthStatus': 'HEALTHY', 'failures.0.reason': 'MISSING' },
  },
  {
    call: 'RegisterTaskDefinition',
    input: { family: '$client-web', containerDefinitions: [{ ...container, memory: 192 }] },
    expect: { 'taskDefinition.revision': 2 },
    keep: { second: 'taskDefinition.taskDefinitionArn' },
  },
  {
    call: 'UpdateService',
    input: { cluster, service, taskDefinition: '$second' },
    expect: { 'service.deployments.1.status': 'ACTIVE' },
  },
  {
    call: 'DescribeServices',
    input: { cluster, services: ['$serviceArn'] },
    until: stable,
    expect: { 'services.0.taskDefinition': '$second' },
  },
  {
    call: 'ListTasks',
    input: { cluster, serviceName: service, desiredStatus: 'STOPPED' },
    expect: { 'taskArns.0': '$task' },
  },
  {
    call: 'DescribeTasks',
    input: { cluster, tasks: ['$task'] },
    expect: { 'tasks.0.stopCode': 'ServiceSchedulerInitiated' },
  },
  {
    call: 'ListServiceDeployments',
    input: { cluster, service, status: ['SUCCESSFUL'] },
    keep: {
      deployment: 'serviceDeployments.0.serviceDeploymentArn',
      revision: 'serviceDeployments.0.targetServiceRevisionArn',
    },
  },
  {
    call: 'DescribeServiceDeployments',
    input: { serviceDeploymentArns: ['$deployment'] },
    expect: {
      'serviceDeployments.0.status': 'SUCCESSFUL',
      'serviceDeployments.0.deploymentCircuitBreaker.status': 'MONITORING_COMPLETE',
    },
  },
  {
    call: 'DescribeServiceRevisions',
    input: { serviceRevisionArns: ['$revision'] },
    expect: { 'serviceRevisions.0.taskDefinition': '$second' },
  },
  { call: 'ListTasks', input: { cluster, serviceName: service }, keep: { task: 'taskArns.0' } },
  {
    call: 'StopTask',
    input: { cluster, task: '$task', reason: 'because' },
    expect: { 'task.desiredStatus': 'STOPPED', 'task.stopCode': 'UserInitiated' },
  },
  { call: 'TagResource', input: { resourceArn: '$serviceArn', tags: [{ key: 'a', value: 'b' }] } },
  { call: 'UntagResource', input: { resourceArn: '$serviceArn', tagKeys: ['team'] } },
  { call: 'ListTagsForResource', input: { resourceArn: '$serviceArn' }, expect: { tags: [{ key: 'a', value: 'b' }] } },
  {
    call: 'UpdateService',
    input: { cluster, service, forceNewDeployment: true, desiredCount: 0 },
    expect: { 'service.desiredCount': 0 },
  },
  {
    call: 'DeregisterTaskDefinition',
    input: { taskDefinition: '$first' },
    expect: { 'taskDefinition.status': 'INACTIVE' },
  },
];

const refusals: readonly Step[] = [
  { call: 'DescribeServices', input: { cluster: 'nowhere', services: [service] }, error: 'ClusterNotFoundException' },
  { call: 'UpdateService', input: { cluster, service: 'nothing', desiredCount: 1 }, error: 'ServiceNotFoundException' },
  { call: 'ListTasks', input: { cluster, serviceName: 'nothing' }, error: 'ServiceNotFoundException' },
  { call: 'DescribeTaskDefinition', input: { taskDefinition: 'nothing:1' }, error: 'ClientException' },
  { call: 'UpdateService', input: { cluster, service, taskDefinition: '$first' }, error: 'ClientException' },
  {
    call: 'CreateService',
    input: { cluster, serviceName: service, taskDefinition: '$second' },
    error: 'InvalidParameterException',
  },
  { call: 'StopTask', input: { cluster, task: 'f'.repeat(32) }, error: 'InvalidParameterException' },
  {
    call: 'RegisterTaskDefinition',
    input: { family: '$client-web', containerDefinitions: [{ name: 'app', image: 'app:1' }] },
    error: 'ClientException',
  },
  { call: 'ListTagsForResource', input: { resourceArn: '$serviceArn-not' }, error: 'InvalidParameterException' },
  { call: 'DeleteService', input: { cluster, service }, expect: { 'service.status': 'DRAINING' } },
  { call: 'DescribeServices', input: { cluster, services: [service] }, until: { 'services.0.status': 'INACTIVE' } },
  { call: 'UpdateService', input: { cluster, service, desiredCount: 1 }, error: 'ServiceNotActiveException' },
];

/** Every operation that is served, and the errors that a client meets. */
export const calls: readonly Step[] = [...makes, ...changes, ...refusals];
