import type { JsonObject } from '../../../controller/api/json.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { textOf } from '../../lib/reading.ts';
import { occurrenceOf } from '../../lib/set-value.ts';
import type { ActionContext, ActionType, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { type CacheParameter, readParameters } from '../cache-parameters.ts';
import { readCache } from '../control-plane.ts';
import { targetOf } from '../parameters.ts';

export const setParameterTool = 'threehops_set_cache_parameter';

/** A parameter of a group goes from one value to another, for every cache with that group. */
export type ParameterPlan = {
  readonly group: string;
  readonly parameter: string;
  readonly from: string;
  readonly to: string;
};

/** ElastiCache keeps parameters in groups that caches may share, and lets nobody change those that it made itself. */
const defaultGroup = /^default\./;

/** @throws PlanRefused `NoCluster`, `DefaultGroup`, `NoSuchParameter`, `AlreadySo`, and what `wanted` throws */
export async function planParameter(
  context: ActionContext,
  name: string,
  wanted: (found: CacheParameter) => string,
): Promise<ParameterPlan> {
  const target = targetOf(context.node.with);
  if (target === undefined)
    throw new PlanRefused('NoCluster', 'the map names neither a cluster nor a replication group');
  const { parameterGroup: group } = await readCache(context, target);
  if (group === '' || defaultGroup.test(group)) {
    throw new PlanRefused('DefaultGroup', `nobody can change the parameters of ${group || 'an unknown group'}`);
  }
  const found = (await readParameters(context, { parameterGroup: group })).find((one) => one.name === name);
  if (found === undefined) throw new PlanRefused('NoSuchParameter', `${group} has no ${name}`);
  const to = wanted(found);
  if (to === found.value) throw new PlanRefused('AlreadySo', `${name} is ${to} already`);
  return { group, parameter: name, from: found.value, to };
}

/** @param lines what goes and what comes, for a person */
export function renderedPlan(plan: ParameterPlan, lines: readonly string[]): RenderedAction {
  return {
    diff: [`parameter group ${plan.group}, and every cache that has it`, ...lines].join('\n'),
    target: { identity: `elasticache-parameters:${plan.group}`, version: plan.from },
    frozen: plan,
    edits: [],
  };
}

/** All of an action but what it is called and how it is planned. */
export const parameterAct = {
  idempotency: 'Natural',
  execute,
  probe,
  unchanged: async (context, { frozen }) => (await valueNow(context, planIn(frozen))) === planIn(frozen).from,
  settled,
  rollback(frozen) {
    const { from, to, ...parameter } = planIn(frozen);
    return { ...parameter, from: to, to: from };
  },
} as const satisfies Partial<ActionType>;

function planIn(frozen: JsonObject): ParameterPlan {
  const [group = '', parameter = ''] = [textOf(frozen['group']), textOf(frozen['parameter'])];
  return { group, parameter, from: textOf(frozen['from']) ?? '', to: textOf(frozen['to']) ?? '' };
}

async function execute(context: ActionContext, frozen: JsonObject): Promise<JsonObject> {
  const { group, parameter, from, to } = planIn(frozen);
  await context.tools.call(setParameterTool, { group, parameter, value: to, expected: from }, context.signal);
  return { value: to, at: context.clock.now().toISOString() };
}

async function probe(context: ActionContext, frozen: JsonObject): Promise<Occurrence> {
  const plan = planIn(frozen);
  const now = await valueNow(context, plan);
  return occurrenceOf(now, plan, { value: plan.to, at: context.clock.now().toISOString() });
}

async function settled(context: ActionContext, frozen: JsonObject): Promise<Settlement> {
  const plan = planIn(frozen);
  const { group, parameter, to } = plan;
  const now = await valueNow(context, plan);
  if (now !== to) return { state: 'Failed', summary: `${parameter} is ${now}: somebody else has set it` };
  const target = targetOf(context.node.with);
  const applied = target === undefined ? 'in-sync' : (await readCache(context, target)).parametersApplied;
  return applied === 'applying'
    ? { state: 'Progressing', summary: `ElastiCache applies ${parameter} ${to}` }
    : { state: 'Settled', summary: `${parameter} of ${group} is ${to}` };
}

async function valueNow(context: ActionContext, { group, parameter }: ParameterPlan): Promise<string> {
  const parameters = await readParameters(context, { parameterGroup: group });
  return parameters.find(({ name }) => name === parameter)?.value ?? '';
}
