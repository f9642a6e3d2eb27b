import type { JsonObject } from '../../../controller/api/json.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { textOf } from '../../lib/reading.ts';
import { consequenceOf, policySchema } from '../../lib/redis/eviction.ts';
import type { ActionContext, ActionType, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { ask, readCache } from '../control-plane.ts';
import { targetOf } from '../parameters.ts';

export const getPolicyTool = 'threehops_get_cache_maxmemory_policy';
export const setPolicyTool = 'threehops_set_cache_maxmemory_policy';

/** ElastiCache keeps parameters in groups that caches may share, and lets nobody change those that it made itself. */
const defaultGroup = /^default\./;

/** What the cache does at its bound, for all caches of its parameter group. It loses data where they are no caches. */
export const setMaxmemoryPolicy: ActionType = {
  id: 'aws-elasticache.set-maxmemory-policy',
  title: 'Set what full caches of a parameter group throw away',
  class: 'Infra',
  risk: 'High',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['policy'],
    properties: { policy: policySchema },
  },
  idempotency: 'Natural',
  direction: (parameters) => `policy:${textOf(parameters['policy']) ?? ''}`,
  render,
  execute,
  probe,
  unchanged: async (context, { frozen }) => {
    const { group, from } = planIn(frozen);
    return (await policyOf(context, group)) === from;
  },
  settled,
  rollback(frozen) {
    const { group, from, policy } = planIn(frozen);
    return { group, from: policy, policy: from };
  },
};

type Plan = { readonly group: string; readonly from: string; readonly policy: string };

function planIn(frozen: JsonObject): Plan {
  return frozen as unknown as Plan;
}

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const target = targetOf(context.node.with);
  if (target === undefined)
    throw new PlanRefused('NoCluster', 'the map names neither a cluster nor a replication group');
  const { parameterGroup: group } = await readCache(context, target);
  if (group === '' || defaultGroup.test(group)) {
    throw new PlanRefused('DefaultGroup', `nobody can change the parameters of ${group || 'an unknown group'}`);
  }
  const from = await policyOf(context, group);
  const policy = textOf(parameters['policy']) ?? '';
  if (policy === from) throw new PlanRefused('AlreadySo', `the policy is ${policy} already`);
  const frozen: Plan = { group, from, policy };
  return {
    diff: [
      `parameter group ${group}, and every cache that has it`,
      `- maxmemory-policy ${from}: ${consequenceOf(from)}`,
      `+ maxmemory-policy ${policy}: ${consequenceOf(policy)}`,
    ].join('\n'),
    target: { identity: `elasticache-parameters:${group}`, version: from },
    frozen,
    edits: [],
  };
}

async function execute(context: ActionContext, frozen: JsonObject): Promise<JsonObject> {
  const { group, from: expected, policy } = planIn(frozen);
  await context.tools.call(setPolicyTool, { group, policy, expected }, context.signal);
  return { policy, at: context.clock.now().toISOString() };
}

async function probe(context: ActionContext, frozen: JsonObject): Promise<Occurrence> {
  const { group, from, policy } = planIn(frozen);
  const now = await policyOf(context, group);
  if (now === policy) return { verdict: 'Happened', evidence: { policy, at: context.clock.now().toISOString() } };
  return { verdict: now === from ? 'Absent' : 'Unknown', evidence: {} };
}

async function settled(context: ActionContext, frozen: JsonObject): Promise<Settlement> {
  const { group, policy } = planIn(frozen);
  const now = await policyOf(context, group);
  if (now !== policy) return { state: 'Failed', summary: `the policy is ${now}: somebody else has set it` };
  const target = targetOf(context.node.with);
  const applied = target === undefined ? 'in-sync' : (await readCache(context, target)).parametersApplied;
  return applied === 'applying'
    ? { state: 'Progressing', summary: `ElastiCache applies the policy ${policy}` }
    : { state: 'Settled', summary: `the policy of ${group} is ${policy}` };
}

async function policyOf(context: ActionContext, group: string): Promise<string> {
  return textOf((await ask(context, getPolicyTool, { group }))['policy']) ?? '';
}
