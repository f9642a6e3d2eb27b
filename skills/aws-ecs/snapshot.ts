import type { Gap } from '../../controller/evidence/finding.ts';
import {
  describeService,
  describeTaskDefinition,
  describeTasks,
  type EcsTarget,
  listRevisions,
  targetOf,
} from '../lib/ecs/api.ts';
import { failuresIn, type TaskFailure } from '../lib/ecs/failure.ts';
import type { EcsService, EcsTask, EcsTaskDefinition } from '../lib/ecs/model.ts';
import { revisionOf, shortName } from '../lib/ecs/names.ts';
import { superseded } from '../lib/ecs/deployment.ts';
import { GapList } from '../lib/gaps.ts';
import { metricPoints } from '../lib/metric-call.ts';
import { isDefined, numberOf } from '../lib/reading.ts';
import type { Point } from '../lib/statistics.ts';
import type { Window } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import { limitsOf } from './parameters.ts';

/** All that one look at a service read; what the findings, changes and series are computed from. */
export interface EcsSnapshot {
  readonly node: string;
  readonly target: EcsTarget;
  readonly window: Window;
  readonly service: EcsService;
  /** Fewer than these the map does not want. */
  readonly minTasks: number;
  /** Running and pending ones. */
  readonly tasks: readonly EcsTask[];
  /** Of tasks that stopped in the window and that no completed later deployment has replaced, oldest first. */
  readonly failures: readonly TaskFailure[];
  /** The family's revisions that matter here, newest first. */
  readonly definitions: readonly EcsTaskDefinition[];
  /** Percent of what the tasks are given. */
  readonly utilisation: { readonly memory: readonly Point[]; readonly cpu: readonly Point[] };
  readonly gaps: readonly Gap[];
}

/** How many revisions back changes are told. */
const revisionsBack = 4;

/** Reads the service, its tasks, its latest revisions and its utilisation. @throws when the service cannot be read */
export async function takeSnapshot(context: ProbeContext): Promise<EcsSnapshot> {
  const { node, tools, window, signal } = context;
  const target = targetOf(node.with);
  const gaps = new GapList(node.id, signal);
  const service = await describeService(tools, target, signal);
  const [tasks, stopped, memory, cpu] = await Promise.all([
    gaps.orGap('running tasks', describeTasks(tools, target, 'RUNNING', signal), []),
    gaps.orGap('stopped tasks', describeTasks(tools, target, 'STOPPED', signal), []),
    gaps.orGap('memory utilisation', utilisation(context, target, 'MemoryUtilization'), []),
    gaps.orGap('cpu utilisation', utilisation(context, target, 'CPUUtilization'), []),
  ]);
  const failures = failuresOf(stopped, service, window);
  const definitions = await readDefinitions(context, service, failures, gaps);
  const utilised = { memory, cpu };
  const { minTasks } = limitsOf(node.with);
  const kept = {
    node: node.id,
    target,
    window,
    minTasks,
    service,
    tasks,
    failures,
    definitions,
    utilisation: utilised,
  };
  return { ...kept, gaps: gaps.list() };
}

function utilisation(context: ProbeContext, target: EcsTarget, name: string): Promise<readonly Point[]> {
  const period = numberOf(context.node.with['metricPeriodSeconds']);
  const request = {
    namespace: 'AWS/ECS',
    name,
    dimensions: { ClusterName: shortName(target.cluster), ServiceName: shortName(target.service) },
    statistic: 'MAX' as const,
    ...(period === undefined ? {} : { periodSeconds: period }),
  };
  return metricPoints(context.tools, request, context.window, context.signal);
}

function failuresOf(stopped: readonly EcsTask[], service: EcsService, window: Window): readonly TaskFailure[] {
  return failuresIn(
    window,
    stopped.filter((task) => !superseded(task, service)),
  );
}

/** Who deploys often deregisters the revision before: it is listed no more, but can still be read. */
function before(taskDefinition: string): readonly string[] {
  const { revision } = revisionOf(taskDefinition);
  return revision > 1 ? [`${taskDefinition.slice(0, taskDefinition.lastIndexOf(':'))}:${revision - 1}`] : [];
}

async function readDefinitions(
  context: ProbeContext,
  service: EcsService,
  failures: readonly TaskFailure[],
  gaps: GapList,
): Promise<readonly EcsTaskDefinition[]> {
  const { tools, signal } = context;
  const used = [
    service.taskDefinition,
    ...service.deployments.map((one) => one.taskDefinition),
    ...failures.map(({ task }) => task.taskDefinition),
  ].filter((arn) => arn !== '');
  const newest = Math.max(...used.map((arn) => revisionOf(arn).revision));
  const family = revisionOf(service.taskDefinition).family;
  const listed = await gaps.orGap('earlier revisions', listRevisions(tools, family, 2 * revisionsBack, signal), []);
  const earlier = listed.filter((arn) => revisionOf(arn).revision <= newest).slice(0, revisionsBack);
  const wanted = [...new Set([...used, ...before(service.taskDefinition), ...earlier])];
  const read = await Promise.all(
    wanted.map((arn) =>
      gaps.orGap(`task definition ${shortName(arn)}`, describeTaskDefinition(tools, arn, signal), undefined),
    ),
  );
  return read.filter(isDefined).toSorted((a, b) => b.revision - a.revision);
}
