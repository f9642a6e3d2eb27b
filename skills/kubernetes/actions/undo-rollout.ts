import type { JsonObject } from '../../../controller/api/json.ts';
import { describeDifference } from '../../lib/container-difference.ts';
import { otherDifferences, otherLines } from '../../lib/other-differences.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { numberOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { templateDifferences } from '../changes.ts';
import type { Revision } from '../model.ts';
import { fileEdits } from './file-edits.ts';
import { type Live, plan, readLive } from './live.ts';
import { valuesOf } from './manifest.ts';
import { execute, probeAct, rollback, settled, unchanged } from './operations.ts';

/** Restores the pod template of an earlier revision: a named one, else the one before. */
export const undoRollout: ActionType = {
  id: 'kubernetes.undo-rollout',
  title: 'Go back to an earlier revision',
  class: 'Infra',
  risk: 'Medium',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: { revision: { type: 'integer', minimum: 1, description: 'The previous one when left out' } },
  },
  idempotency: 'Keyed',
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
  const goal = earlierRevision(live, numberOf(parameters['revision']));
  const changes = templateDifferences(live.deployment.template, goal.template);
  const values = changes.flatMap(({ container, memory, cpu, image }) =>
    valuesOf(container, { memory: memory?.to ?? undefined, cpu: cpu?.to ?? undefined, image: image?.to }),
  );
  const { edits, notes } = await fileEdits(context, live.target.deployment, values);
  const lines = [
    `- revision ${live.deployment.revision}`,
    `+ the template of revision ${goal.revision}`,
    ...changes.map((one) => `  container ${one.container}: ${describeDifference(one)}`),
    ...otherLines(otherDifferences(live.deployment.template.others, goal.template.others)),
    ...notes,
  ];
  return { ...plan(context, live, { templateOf: goal.name }, lines), edits };
}

function earlierRevision({ deployment, revisions }: Live, wanted: number | undefined): Revision {
  const earlier = revisions.filter(({ revision }) => revision < deployment.revision);
  const found = wanted === undefined ? earlier[0] : earlier.find(({ revision }) => revision === wanted);
  if (found !== undefined) return found;
  throw new PlanRefused('NoEarlierRevision', `there is no revision ${wanted ?? `before ${deployment.revision}`}`);
}
