import type {
  DescribeTasksRequest,
  DescribeTasksResponse,
  ListTasksRequest,
  ListTasksResponse,
  StopTaskRequest,
  StopTaskResponse,
  Task,
} from '@aws-sdk/client-ecs';
import { nameIn } from '../model/arns.ts';
import type { TaskRecord } from '../model/records.ts';
import { viewTask } from '../model/task-view.ts';
import { invalid } from '../protocol/ecs-error.ts';
import type { Operation } from './context.ts';
import { paginate, required } from './input.ts';

/** Newest first. Without `desiredStatus` the running ones, as ECS has it. */
export const listTasks: Operation<ListTasksRequest, ListTasksResponse> = ({ world }, input) => {
  const cluster = world.cluster(input.cluster);
  if (input.serviceName !== undefined) world.service(cluster.name, input.serviceName);
  const found = [...cluster.tasks.values()].toReversed().filter((task) => isAskedFor(task, input));
  const [taskArns, nextToken] = paginate(
    found.map(({ arn }) => arn),
    input,
  );
  return { taskArns, nextToken };
};

export const describeTasks: Operation<DescribeTasksRequest, DescribeTasksResponse> = ({ world }, input) => {
  const references = input.tasks ?? [];
  if (references.length === 0) throw invalid('Tasks cannot be empty.');
  if (references.length > 100) throw invalid('Tasks can contain at most 100 items.');
  const cluster = world.cluster(input.cluster);
  const tasks: Task[] = [];
  const failures = [];
  for (const reference of references) {
    const id = nameIn(reference);
    const task = cluster.tasks.get(id);
    if (task === undefined) failures.push({ arn: world.arns.task(cluster.name, id), reason: 'MISSING' });
    else tasks.push(viewTask(task, input.include?.includes('TAGS') === true));
  }
  return { tasks, failures };
};

export const stopTask: Operation<StopTaskRequest, StopTaskResponse> = (context, input) => {
  const cluster = context.world.cluster(input.cluster);
  const task = cluster.tasks.get(nameIn(required(input.task, 'taskId')));
  if (task === undefined) throw invalid('The referenced task was not found.');
  context.stopTask(task, { code: 'UserInitiated', reason: input.reason ?? 'Task stopped by user', isFailure: false });
  context.wake();
  return { task: viewTask(task, true) };
};

function isAskedFor(task: TaskRecord, input: ListTasksRequest): boolean {
  const { serviceName, family, startedBy, desiredStatus = 'RUNNING' } = input;
  return (
    task.desiredStatus === desiredStatus &&
    (serviceName === undefined || task.service.name === nameIn(serviceName)) &&
    (family === undefined || task.taskDefinition.family === family) &&
    (startedBy === undefined || task.deployment.id === startedBy)
  );
}
