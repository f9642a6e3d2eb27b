import type { Gap } from '../../controller/evidence/finding.ts';
import { describeService, describeTaskDefinition, describeTasks, targetOf } from '../lib/ecs/api.ts';
import { primaryOf, startedByDeployment } from '../lib/ecs/deployment.ts';
import { failuresIn, type TaskFailure } from '../lib/ecs/failure.ts';
import type { Seen } from '../lib/ecs/finding.ts';
import { deploymentHistory } from '../lib/ecs/history.ts';
import type { EcsDeployment, EcsService, EcsTask, EcsTaskDefinition, PastDeployment } from '../lib/ecs/model.ts';
import { shortName } from '../lib/ecs/names.ts';
import { GapList } from '../lib/gaps.ts';
import { isDefined } from '../lib/reading.ts';
import type { Window } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import { type Limits, limitsOf } from './parameters.ts';
import { wayBack, type WayBack } from './way-back.ts';

/** All that one look at a service's deployments read. */
export interface DeploymentSnapshot extends Seen {
  readonly window: Window;
  readonly now: Date;
  readonly limits: Limits;
  readonly service: EcsService;
  readonly primary: EcsDeployment | undefined;
  /** Those that the newest deployment has started and that are not stopped. */
  readonly tasks: readonly EcsTask[];
  /** Of its tasks that stopped in the window, oldest first. */
  readonly failures: readonly TaskFailure[];
  /** Newest first. */
  readonly history: readonly PastDeployment[];
  readonly wayBack: WayBack | undefined;
  /** Those of the newest deployment, and of what ran before it where the service went back. */
  readonly definitions: readonly EcsTaskDefinition[];
  readonly gaps: readonly Gap[];
}

/** @throws when the service cannot be read */
export async function takeSnapshot(context: ProbeContext): Promise<DeploymentSnapshot> {
  const { node, tools, window, signal, clock } = context;
  const target = targetOf(node.with);
  const gaps = new GapList(node.id, signal);
  const service = await describeService(tools, target, signal);
  const [running, stopped, history] = await Promise.all([
    gaps.orGap('running tasks', describeTasks(tools, target, 'RUNNING', signal), []),
    gaps.orGap('stopped tasks', describeTasks(tools, target, 'STOPPED', signal), []),
    gaps.orGap('earlier deployments', deploymentHistory(tools, target, signal), []),
  ]);
  const primary = primaryOf(service);
  const isOwn = (task: EcsTask): boolean => primary !== undefined && startedByDeployment(task, primary);
  const back = wayBack(history, service);
  const definitions = await readDefinitions(context, [primary?.taskDefinition, back?.from].filter(isDefined), gaps);
  return {
    node: node.id,
    target,
    window,
    now: clock.now(),
    limits: limitsOf(node.with),
    service,
    primary,
    tasks: running.filter(isOwn),
    failures: failuresIn(window, stopped.filter(isOwn)),
    history,
    wayBack: back,
    definitions,
    gaps: gaps.list(),
  };
}

async function readDefinitions(
  { tools, signal }: ProbeContext,
  arns: readonly string[],
  gaps: GapList,
): Promise<readonly EcsTaskDefinition[]> {
  const read = arns.map((arn) =>
    gaps.orGap(`task definition ${shortName(arn)}`, describeTaskDefinition(tools, arn, signal), undefined),
  );
  return (await Promise.all(read)).filter(isDefined);
}
