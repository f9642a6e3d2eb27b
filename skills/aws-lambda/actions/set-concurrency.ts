import type { JsonObject } from '../../../controller/api/json.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { numberOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { readFunction } from '../function.ts';
import { settingsOf } from '../parameters.ts';
import { fileEdits } from './manifest.ts';
import { execute, type Frozen, probeAct, rollback, settled, targetOf, toJson, unchanged } from './operations.ts';

/** More reserved concurrency, within the node's `maxConcurrency`. */
export const setConcurrency: ActionType = {
  id: 'aws-lambda.set-concurrency',
  title: 'Reserve more concurrency for a function',
  class: 'Infra',
  risk: 'Low',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['reserved'],
    properties: { reserved: { type: 'integer', minimum: 1, maximum: 100_000, description: 'Above the present one' } },
  },
  idempotency: 'Natural',
  direction: () => 'concurrency:increase',
  render,
  execute,
  probe: probeAct,
  unchanged,
  settled,
  rollback,
};

async function render(context: ActionContext, given: JsonObject): Promise<RenderedAction> {
  const { name, maxConcurrency } = settingsOf(context.node.with);
  const reserved = numberOf(given['reserved']) ?? 0;
  const fn = await readFunction(context.tools, name, context.signal);
  if (reserved > maxConcurrency) {
    throw new PlanRefused('AboveLimit', `concurrency ${reserved} is above the node's limit of ${maxConcurrency}`);
  }
  if (fn.reserved === undefined || reserved <= fn.reserved) {
    throw new PlanRefused('NotAnIncrease', `${fn.reserved ?? 'none'} is reserved, so ${reserved} is no increase`);
  }
  const frozen: Frozen = { operation: 'Concurrency', functionName: name, expected: fn.reserved, reserved };
  const files = await fileEdits(context, { ReservedConcurrentExecutions: reserved, variables: [] });
  return {
    diff: [
      `function ${name}`,
      `-   reserved concurrency: ${fn.reserved}`,
      `+   reserved concurrency: ${reserved}`,
      ...files.notes.map((note) => `# ${note}`),
    ].join('\n'),
    target: targetOf(context, fn, frozen.operation),
    frozen: toJson(frozen),
    edits: files.edits,
  };
}
