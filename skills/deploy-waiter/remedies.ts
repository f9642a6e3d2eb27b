import type { JsonObject } from '../../controller/api/json.ts';
import type { ContainerDifference } from '../lib/container-difference.ts';
import { restoredVariable } from '../lib/ecs/restored-variable.ts';
import { programHarm } from '../lib/harm.ts';
import { listOf, numberOf, objectOf, textOf } from '../lib/reading.ts';
import type { Remedy, RemedyContext } from '../skill.ts';

/** With more tasks the shares of a rolling update come to whole ones. */
export const makeRoom: Remedy = {
  id: 'deploy-waiter.make-room',
  forKinds: ['deploy-waiter.DeploymentBlocked'],
  cause: 'deploy-waiter.NoRoomToDeploy',
  propose(context) {
    const { facts } = found(context, 'DeploymentBlocked');
    const by = numberOf(facts['tasksToAdd']);
    if (by === undefined) return [];
    const rationale =
      `its settings (${numberOf(facts['minimumHealthyPercent'])} to ${numberOf(facts['maximumPercent'])} %) leave no room to replace a task: ` +
      `with ${by} more they do, and the deployment that waits goes through`;
    return [{ action: 'aws-ecs.scale', parameters: { by }, rationale, fitness: 0.95 }];
  },
};

/** Why tasks fail they tell themselves, and so do others' remedies; where they only never get healthy, nothing else is known to help. */
const share: Readonly<Record<string, number>> = { Health: 0.8, Tasks: 0.3 };

/** Back to the revision that last came to rest. */
export const rollBackStuck: Remedy = {
  id: 'deploy-waiter.roll-back-stuck',
  forKinds: ['deploy-waiter.DeploymentStuck'],
  cause: 'deploy-waiter.BadRelease',
  propose(context) {
    const { facts } = found(context, 'DeploymentStuck');
    const revision = numberOf(facts['previousRevision']);
    if (revision === undefined || revision >= (numberOf(facts['revision']) ?? 0)) return [];
    const rationale = `revision ${revision} was the last to come to rest: go back to it`;
    const fitness = share[textOf(facts['waitsFor']) ?? ''] ?? 0;
    return [{ action: 'aws-ecs.roll-back', parameters: { revision }, rationale, fitness }];
  },
};

/** Rates are counted in bins of up to a minute: harm may be dated before what it came with. */
const skewMs = 60_000;
/** What ran well for longer than this came to harm by something else. */
const soonMs = 3_600_000;

/** What an earlier revision may do wrong that a later one does right. */
const harm = [...programHarm, 'aws-ecs.ExitedNonZero', 'aws-ecs.HealthCheckFailed', 'aws-ecs.OutOfMemory'];

/** The harm came when somebody put an earlier revision back: give the service again what it had. */
export const putForward: Remedy = {
  id: 'deploy-waiter.put-forward',
  forKinds: ['deploy-waiter.RolledBack', ...harm],
  cause: 'deploy-waiter.OldRevisionPutBack',
  propose(context) {
    const { facts, since } = found(context, 'RolledBack');
    const differences = listOf(facts['differences']) as unknown as readonly ContainerDifference[];
    const [only, ...more] = differences;
    if (facts['by'] !== 'Request' || only === undefined || more.length > 0 || !beganWith(context, since)) return [];
    const parameters = restored(only, textOf(facts['takenBack']) ?? '');
    if (parameters === undefined) return [];
    const rationale =
      `what is wrong began when revision ${numberOf(facts['revision'])} was put back: ` +
      `give it what revision ${numberOf(facts['takenBackRevision'])} had, which had come to rest`;
    return [{ action: 'aws-ecs.update-task-definition', parameters, rationale, fitness: 0.9 }];
  },
};

export const remedies: readonly Remedy[] = [makeRoom, rollBackStuck, putForward];

function found({ findings }: RemedyContext, reason: string): { readonly facts: JsonObject; readonly since?: string } {
  const finding = findings.find(({ kind }) => kind === `deploy-waiter.${reason}`);
  const { since } = finding ?? {};
  return { facts: objectOf(finding?.facts), ...(since === undefined ? {} : { since }) };
}

/** Of other findings that hurt, the first began with it, as far as that can be told. */
function beganWith({ findings }: RemedyContext, since = ''): boolean {
  const hurting = findings.filter(({ severity, kind }) => severity !== 'Info' && !kind.startsWith('deploy-waiter.'));
  const begins = hurting.map((finding) => Date.parse(finding.since ?? '')).filter((time) => !Number.isNaN(time));
  const after = Math.min(...begins) - Date.parse(since);
  return after >= -skewMs && after <= soonMs;
}

/** Sizes may have been lowered for a reason, and are left as they are; undefined where nothing else differs. */
function restored(difference: ContainerDifference, takenBack: string): JsonObject | undefined {
  const { container, image, environment } = difference;
  if (image === undefined && environment === undefined) return undefined;
  return {
    container,
    ...(image === undefined ? {} : { image: image.from }),
    ...(environment === undefined ? {} : { environment: environment.map((one) => restoredVariable(one, takenBack)) }),
  };
}
