import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { restoreParameter } from '../../../../skills/aws-elasticache/actions/restore-parameter.ts';
import { setMaxmemoryPolicy as action } from '../../../../skills/aws-elasticache/actions/set-maxmemory-policy.ts';
import type { ActionContext } from '../../../../skills/skill.ts';
import { actionContext, fakeTools, str } from '../lib/fake-tools.ts';

/** A parameter group that is set as it is told, whoever tells it. */
function world(group = 'carts') {
  const values = new Map([
    ['maxmemory-policy', 'noeviction'],
    ['reserved-memory-percent', '75'],
  ]);
  const defaults = new Map([['reserved-memory-percent', '25']]);
  const clusters = [
    {
      CacheClusterId: 'carts-001',
      CacheParameterGroup: { CacheParameterGroupName: group, ParameterApplyStatus: 'in-sync' },
    },
  ];
  const tools = fakeTools({
    'describe-cache-clusters': () => ({ CacheClusters: clusters }),
    threehops_get_cache_parameters: () => ({
      parameters: [...values].map(([name, value]) => ({ name, value, default: defaults.get(name) ?? null })),
    }),
    threehops_set_cache_parameter: ({ parameter, value, expected }) => {
      if (values.get(str(parameter)) !== expected) return new Error('ParameterChanged');
      values.set(str(parameter), str(value));
      return { value: value ?? '' };
    },
  });
  const context = (more: JsonObject = { cacheClusterId: 'carts-001' }): ActionContext => actionContext(tools, more, {});
  return { values, context };
}

const policyOf = ({ values }: ReturnType<typeof world>) => values.get('maxmemory-policy');
const parameters = { policy: 'volatile-lru' };

it('is set in the group of the cache, recognised, and taken back', async () => {
  const caches = world();
  const { context } = caches;
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
  expect(policyOf(caches)).toBe('volatile-lru');
  await action.execute?.(context(), action.rollback?.(frozen, evidence) ?? {}, '');
  expect(policyOf(caches)).toBe('noeviction');
});

it('cannot be told once somebody else has set it', async () => {
  const { values, context } = world();
  const { frozen } = await action.render(context(), parameters);
  values.set('maxmemory-policy', 'allkeys-lfu');
  expect(await action.probe?.(context(), frozen, '')).toMatchObject({ verdict: 'Unknown' });
  expect(await action.settled?.(context(), frozen, {})).toMatchObject({ state: 'Failed' });
  await expect(action.execute?.(context(), frozen, '')).rejects.toThrow('ParameterChanged');
});

it('is not planned where it is so already, for a default group, and without a cluster', async () => {
  const refused = (code: string) => ({ name: 'PlanRefused', code });
  const { context } = world();
  await expect(action.render(context(), { policy: 'noeviction' })).rejects.toMatchObject(refused('AlreadySo'));
  await expect(action.render(context({ host: 'carts.test' }), parameters)).rejects.toMatchObject(refused('NoCluster'));
  const byDefault = world('default.redis7').context();
  await expect(action.render(byDefault, parameters)).rejects.toMatchObject(refused('DefaultGroup'));
});

it('a parameter goes back to its default, and none that has no default or is not there', async () => {
  const { values, context } = world();
  const { frozen, diff } = await restoreParameter.render(context(), { parameter: 'reserved-memory-percent' });
  expect(diff.split('\n').slice(1)).toEqual([
    '- reserved-memory-percent 75',
    '+ reserved-memory-percent 25 (the default)',
  ]);
  await restoreParameter.execute?.(context(), frozen, '');
  expect(values.get('reserved-memory-percent')).toBe('25');
  const render = (parameter: string) => restoreParameter.render(context(), { parameter });
  await expect(render('reserved-memory-percent')).rejects.toMatchObject({ code: 'AlreadySo' });
  await expect(render('maxmemory-policy')).rejects.toMatchObject({ code: 'NoDefault' });
  await expect(render('no-such')).rejects.toMatchObject({ code: 'NoSuchParameter' });
});
