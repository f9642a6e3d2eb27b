import type { JsonObject } from '../../../controller/api/json.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { textOf } from '../../lib/reading.ts';
import { connectionOf, redisIdentity } from '../../lib/redis/address.ts';
import { readInfo } from '../../lib/redis/info.ts';
import { policyAction, policyDiff, policyIn } from '../../lib/redis/policy-action.ts';
import { occurrenceOf } from '../../lib/set-value.ts';
import type { ActionContext, ActionType, Occurrence, RenderedAction, Settlement } from '../../skill.ts';

export const setPolicyActionId = 'redis.set-maxmemory-policy';
export const setPolicyTool = 'threehops_set_maxmemory_policy';

/** What the server does at its bound. A map does well to ask a person (`policy.approvals`). */
export const setMaxmemoryPolicy: ActionType = {
  id: setPolicyActionId,
  title: 'Set what a full server throws away',
  ...policyAction,
  render,
  execute,
  probe,
  unchanged: async (context, { frozen }) => (await readInfo(context, 1)).policy === planIn(frozen).from,
  settled,
  rollback(frozen) {
    const { from, policy } = planIn(frozen);
    return { from: policy, policy: from };
  },
};

type Plan = { readonly from: string; readonly policy: string };

function planIn(frozen: JsonObject): Plan {
  return { from: textOf(frozen['from']) ?? '', policy: textOf(frozen['policy']) ?? '' };
}

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const { policy: from, keys, expiringKeys } = await readInfo(context, 1);
  const policy = policyIn(parameters);
  if (policy === from) throw new PlanRefused('AlreadySo', `the policy is ${policy} already`);
  const frozen: Plan = { from, policy };
  return {
    diff: [
      ...policyDiff(from, policy),
      `# ${expiringKeys} of ${keys} keys have an expiry`,
      '# of the running server: a restart reads its configuration file again, which is not changed',
    ].join('\n'),
    target: { identity: redisIdentity(context.node.with) ?? context.node.id, version: from },
    frozen,
    edits: [],
  };
}

async function execute(context: ActionContext, frozen: JsonObject): Promise<JsonObject> {
  const { from: expected, policy } = planIn(frozen);
  const args = { policy, expected, ...connectionOf(context.node.with) };
  await context.tools.call(setPolicyTool, args, context.signal);
  return { policy, at: context.clock.now().toISOString() };
}

async function probe(context: ActionContext, frozen: JsonObject): Promise<Occurrence> {
  const { from, policy } = planIn(frozen);
  const now = (await readInfo(context, 1)).policy;
  return occurrenceOf(now, { from, to: policy }, { policy, at: context.clock.now().toISOString() });
}

async function settled(context: ActionContext, frozen: JsonObject): Promise<Settlement> {
  const { policy } = planIn(frozen);
  const now = (await readInfo(context, 1)).policy;
  return now === policy
    ? { state: 'Settled', summary: `the policy is ${policy}` }
    : { state: 'Failed', summary: `the policy is ${now}: somebody else has set it` };
}
