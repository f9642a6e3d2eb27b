import type { JsonObject } from '../../../controller/api/json.ts';
import { describeTaskDefinition, listRevisions } from '../../lib/ecs/api.ts';
import { primaryOf } from '../../lib/ecs/deployment.ts';
import { type ContainerDifference, describeDifference } from '../../lib/container-difference.ts';
import { differences, othersIn } from '../../lib/ecs/difference.ts';
import type { EcsTaskDefinition } from '../../lib/ecs/model.ts';
import { revisionOf, shortName } from '../../lib/ecs/names.ts';
import { otherLines } from '../../lib/other-differences.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { numberOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { fileEdits } from './file-edits.ts';
import { type PointAt, toJson } from './frozen.ts';
import { type Live, planned, readLive, targetVersion } from './live.ts';
import type { ManifestChanges } from './manifest.ts';
import { probeAct } from './occurrence.ts';
import { execute, rollback, settled, unchanged } from './operations.ts';

const revisionsListed = 20;

/** Points the service at an earlier revision: a named one, else the last that completed a rollout, else the one before. */
export const rollBack: ActionType = {
  id: 'aws-ecs.roll-back',
  title: 'Go back to an earlier revision',
  class: 'Infra',
  risk: 'Medium',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      revision: { type: 'integer', minimum: 1, description: 'Of the same family; the previous one when left out' },
    },
  },
  idempotency: 'Fenced',
  direction: () => 'revision:back',
  render,
  execute,
  probe: probeAct,
  unchanged,
  settled,
  rollback,
};

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const live = await readLive(context);
  const goal = await earlierRevision(context, live, numberOf(parameters['revision']));
  const definition = await describeTaskDefinition(context.tools, goal, context.signal);
  const frozen: PointAt = { ...planned(live), operation: 'PointAt', taskDefinition: definition.arn };
  const changes = differences(live.definition, definition);
  const { edits, notes } = await fileEdits(context, changes.map(manifestChanges));
  return {
    diff: diffOf(live, definition, changes, notes),
    target: targetVersion(context, live, frozen.operation),
    frozen: toJson(frozen),
    edits,
  };
}

async function earlierRevision(context: ActionContext, live: Live, wanted: number | undefined): Promise<string> {
  const { family, revision } = revisionOf(live.definition.arn);
  const listed = await listRevisions(context.tools, family, revisionsListed, context.signal);
  const earlier = listed.filter((arn) => revisionOf(arn).revision < revision);
  const found =
    wanted === undefined
      ? (completedBefore(live, earlier) ?? earlier[0])
      : earlier.find((arn) => revisionOf(arn).revision === wanted);
  if (found === undefined) {
    throw new PlanRefused(
      'NoEarlierRevision',
      `there is no active revision ${wanted ?? 'before'} of ${shortName(live.definition.arn)}`,
    );
  }
  return found;
}

/** While a rollout goes on, ECS still lists the completed deployment that it replaces. */
function completedBefore(live: Live, earlier: readonly string[]): string | undefined {
  const completed = live.service.deployments.filter(
    (one) =>
      one !== primaryOf(live.service) && one.rolloutState === 'COMPLETED' && earlier.includes(one.taskDefinition),
  );
  return completed[0]?.taskDefinition;
}

/** Sizes and variables go into the files too. Sizes are only ever raised there; an image is the build's to name. */
function manifestChanges({ container, memory, cpu, environment }: ContainerDifference): ManifestChanges {
  return {
    container,
    ...(typeof memory?.to === 'number' ? { containerMemory: memory.to } : {}),
    ...(typeof cpu?.to === 'number' ? { containerCpu: cpu.to } : {}),
    environment: (environment ?? []).filter(({ redacted }) => !redacted).map(({ name, to }) => ({ name, value: to })),
  };
}

function diffOf(
  live: Live,
  goal: EcsTaskDefinition,
  changes: readonly ContainerDifference[],
  notes: readonly string[],
): string {
  const image = changes.some((one) => one.image !== undefined);
  return [
    `service ${shortName(live.target.service)} in ${shortName(live.target.cluster)}`,
    `- ${shortName(live.definition.arn)}`,
    `+ ${shortName(goal.arn)}`,
    ...changes.map((one) => `  container ${one.container}: ${describeDifference(one)}`),
    ...otherLines(othersIn(live.definition, goal)),
    ...(image ? ['# the image goes back with it: until its commit is reverted, the next deploy brings it again'] : []),
    ...notes.map((note) => `# ${note}`),
  ].join('\n');
}
