import { primaryOf } from '../lib/ecs/deployment.ts';
import type { EcsService, PastDeployment } from '../lib/ecs/model.ts';
import { revisionOf } from '../lib/ecs/names.ts';

/** A service that runs an earlier revision than the one it was last given. */
export interface WayBack {
  /** ECS goes back by itself when a deployment fails; else somebody asked for the earlier revision. */
  readonly by: 'Ecs' | 'Request';
  readonly reason?: string;
  readonly since: Date | undefined;
  /** Task definition that runs no more, and the one that runs in its place. */
  readonly from: string;
  readonly to: string;
}

/** @param history newest first */
export function wayBack(history: readonly PastDeployment[], service: EcsService): WayBack | undefined {
  const [last] = history;
  if (last === undefined) return undefined;
  return last.status.startsWith('ROLLBACK') ? rolledBackByEcs(last, service) : putBack(last, history);
}

function rolledBackByEcs(last: PastDeployment, service: EcsService): WayBack | undefined {
  const primary = primaryOf(service);
  if (primary === undefined || primary.taskDefinition === last.taskDefinition) return undefined;
  return {
    by: 'Ecs',
    ...(last.reason === undefined ? {} : { reason: last.reason }),
    since: last.finishedAt ?? primary.updatedAt,
    from: last.taskDefinition,
    to: primary.taskDefinition,
  };
}

/** Only from a revision that ran well: going back from any other is what one should do. */
function putBack(last: PastDeployment, history: readonly PastDeployment[]): WayBack | undefined {
  const turn = history.findIndex(({ taskDefinition }) => taskDefinition !== last.taskDefinition);
  if (turn < 0) return undefined;
  const before = history.slice(turn).find(({ status }) => status === 'SUCCESSFUL');
  if (before === undefined || !isEarlier(last.taskDefinition, before.taskDefinition)) return undefined;
  const first = history[turn - 1];
  return {
    by: 'Request',
    since: first?.startedAt ?? first?.createdAt,
    from: before.taskDefinition,
    to: last.taskDefinition,
  };
}

function isEarlier(taskDefinition: string, other: string): boolean {
  const [one, two] = [revisionOf(taskDefinition), revisionOf(other)];
  return one.family === two.family && one.revision < two.revision;
}
