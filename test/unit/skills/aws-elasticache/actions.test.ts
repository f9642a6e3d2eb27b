import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { setMaxmemoryPolicy as action } from '../../../../skills/aws-elasticache/actions/set-maxmemory-policy.ts';
import type { ActionContext } from '../../../../skills/skill.ts';
import { actionContext, fakeTools, str } from '../lib/fake-tools.ts';

/** A parameter group that is set as it is told, whoever tells it. */
function world(group = 'carts'): {
  readonly policies: string[];
  readonly context: (more?: JsonObject) => ActionContext;
} {
  const policies = ['noeviction'];
  const clusters = [
    {
      CacheClusterId: 'carts-001',
      CacheParameterGroup: { CacheParameterGroupName: group, ParameterApplyStatus: 'in-sync' },
    },
  ];
  const tools = fakeTools({
    'describe-cache-clusters': () => ({ CacheClusters: clusters }),
    threehops_get_cache_maxmemory_policy: () => ({ policy: policies.at(-1) ?? '' }),
    threehops_set_cache_maxmemory_policy: ({ policy, expected }) => {
      if (policies.at(-1) !== expected) return new Error('PolicyChanged');
      policies.push(str(policy));
      return { policy: policy ?? '' };
    },
  });
  return { policies, context: (more = { cacheClusterId: 'carts-001' }) => actionContext(tools, more, {}) };
}

const parameters = { policy: 'volatile-lru' };

it('is set in the group of the cache, recognised, and taken back', async () => {
  const { policies, context } = world();
  const rendered = await action.render(context(), parameters);
  const { frozen } = rendered;
  expect(rendered.diff).toContain('parameter group carts, and every cache that has it');
  expect(rendered.target).toEqual({ identity: 'elasticache-parameters:carts', version: 'noeviction' });
  expect(await action.probe?.(context(), frozen, '')).toMatchObject({ verdict: 'Absent' });
  expect(await action.unchanged?.(context(), rendered)).toBe(true);
  const evidence = (await action.execute?.(context(), frozen, '')) ?? {};
  expect(await action.probe?.(context(), frozen, '')).toMatchObject({ verdict: 'Happened' });
  expect(await action.unchanged?.(context(), rendered)).toBe(false);
  expect(await action.settled?.(context(), frozen, evidence)).toMatchObject({ state: 'Settled' });
  await action.execute?.(context(), action.rollback?.(frozen, evidence) ?? {}, '');
  expect(policies).toEqual(['noeviction', 'volatile-lru', 'noeviction']);
});

it('cannot be told once somebody else has set it', async () => {
  const { policies, context } = world();
  const { frozen } = await action.render(context(), parameters);
  policies.push('allkeys-lfu');
  expect(await action.probe?.(context(), frozen, '')).toMatchObject({ verdict: 'Unknown' });
  expect(await action.settled?.(context(), frozen, {})).toMatchObject({ state: 'Failed' });
  await expect(action.execute?.(context(), frozen, '')).rejects.toThrow('PolicyChanged');
});

it('is not planned where it is so already, for a default group, and without a cluster', async () => {
  const refused = (code: string) => ({ name: 'PlanRefused', code });
  const { context } = world();
  await expect(action.render(context(), { policy: 'noeviction' })).rejects.toMatchObject(refused('AlreadySo'));
  await expect(action.render(context({ host: 'carts.test' }), parameters)).rejects.toMatchObject(refused('NoCluster'));
  const byDefault = world('default.redis7').context();
  await expect(action.render(byDefault, parameters)).rejects.toMatchObject(refused('DefaultGroup'));
});
