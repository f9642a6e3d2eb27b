import { isDefined, listOf, objectOf, present, textOf, timeOf } from '../reading.ts';
import type { Tools } from '../../skill.ts';
import { ecsCall, type EcsTarget } from './api.ts';
import type { EcsService, PastDeployment } from './model.ts';
import { primaryOf } from './deployment.ts';

/** Most revisions that DescribeServiceRevisions takes. */
const mostRevisions = 20;

/** The latest deployments of a service, newest first. @throws EcsAnswerError, ToolError */
export async function deploymentHistory(
  tools: Tools,
  { cluster, service }: EcsTarget,
  signal: AbortSignal,
): Promise<readonly PastDeployment[]> {
  const params = { cluster, service, maxResults: mostRevisions };
  const listed = listOf((await ecsCall(tools, 'ListServiceDeployments', params, signal))['serviceDeployments']);
  const briefs = listed.slice(0, mostRevisions).map(objectOf);
  const arns = [...new Set(briefs.map((brief) => textOf(brief['targetServiceRevisionArn'])).filter(isDefined))];
  const definitions = await definitionsOf(tools, arns, signal);
  return briefs.flatMap((brief) => {
    const taskDefinition = definitions.get(textOf(brief['targetServiceRevisionArn']) ?? '');
    if (taskDefinition === undefined) return [];
    return present<PastDeployment>({
      status: textOf(brief['status']) ?? '',
      reason: textOf(brief['statusReason']),
      taskDefinition,
      createdAt: timeOf(brief['createdAt']),
      startedAt: timeOf(brief['startedAt']),
      finishedAt: timeOf(brief['finishedAt']),
    });
  });
}

/** The task definition of each of these revisions of a service. */
async function definitionsOf(
  tools: Tools,
  serviceRevisionArns: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (serviceRevisionArns.length === 0) return new Map();
  const answer = await ecsCall(tools, 'DescribeServiceRevisions', { serviceRevisionArns }, signal);
  const pairs = listOf(answer['serviceRevisions']).map((one) => {
    const revision = objectOf(one);
    return [textOf(revision['serviceRevisionArn']) ?? '', textOf(revision['taskDefinition']) ?? ''] as const;
  });
  return new Map(pairs);
}

/** The last of them that ended well, of another task definition than the one that is newest now. */
export function lastGood(history: readonly PastDeployment[], service: EcsService): PastDeployment | undefined {
  const now = primaryOf(service)?.taskDefinition;
  return history.find(({ status, taskDefinition }) => status === 'SUCCESSFUL' && taskDefinition !== now);
}
