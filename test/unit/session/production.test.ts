import { describe, expect, test } from 'vitest';
import type { ServiceTopology } from '../../../controller/api/kinds.ts';
import { defaultConfig } from '../../../controller/config/load.ts';
import type { Allow } from '../../../controller/config/config.ts';
import type { Allowance } from '../../../controller/session/dependencies.ts';
import { allowanceOf } from '../../../controller/wiring/allowance.ts';
import type { SessionWorld } from '../../helpers/session-world.ts';
import { largeBatch, shopPolicy, shopTopology, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';
import { crdCheck } from '../../helpers/session/crd-schema.ts';

const newWorld = cleanWorlds();
const open: Allow = { ...defaultConfig.allow, namespaces: ['default'], repositories: ['acme/*'] };
const rules = (allow: Allow): Allowance => allowanceOf(allow, { get: () => undefined });

/** No value of the CRD's, as a map says it that came past schema and admission. */
const production = { name: 'live', tier: 'Production' } as unknown as NonNullable<
  ServiceTopology['spec']['environment']
>;

const resultsOf = ({ status }: SessionWorld): string => (status.history ?? []).map(({ result }) => result).join('\n');

test('the schema has no value for it', () => {
  const check = crdCheck('servicetopologies');
  expect(check(shopTopology())).toEqual([]);
  expect(check(shopTopology({ environment: production })).join()).toContain('tier');
});

test('a map that names no environment may be of production: nothing outside is written', async () => {
  const { environment: _, ...unnamed } = shopTopology().spec;
  const world = newWorld({ story: smallMemory, replace: () => ({ allowance: rules(open) }) });
  world.api.topologies.set('default/shop', { ...shopTopology(), spec: unnamed });
  await world.untilPhase('Escalated');
  await world.pass(60);
  expect(world.outside.effects).toEqual([]);
});

describe('a map that says Production all the same', () => {
  test('past the schema: planning allows nothing, and nothing outside is written', async () => {
    const world = newWorld({
      story: smallMemory,
      topology: { environment: production },
      replace: () => ({ allowance: rules(open) }),
    });
    await world.untilPhase('Escalated');
    await world.pass(60);
    expect(world.status.plan).toBeUndefined();
    expect(world.outside.effects).toEqual([]);
  });

  test.each([
    ['an infra fix', smallMemory],
    ['a code fix', largeBatch],
  ])('past planning as well: %s is refused as it is executed, and so are push and pull request', async (_, story) => {
    const allowance = { ...rules(open), refusal: () => undefined };
    const world = newWorld({ story, topology: { environment: production }, replace: () => ({ allowance }) });
    await world.untilPhase('Escalated', 'Failed');
    await world.pass(60);
    expect(resultsOf(world)).toContain('environment live is no lower environment');
    expect(world.outside.effects).toEqual([]);
  });

  test.each([
    ['by its tier', production],
    ['by its name', { name: 'Production', tier: 'Staging' } as const],
  ])('only after its act was approved: it is refused then (%s)', async (_, environment) => {
    const policy = { ...shopPolicy, approvals: ['shop.resize'] };
    const world = newWorld({ story: smallMemory, topology: { policy }, replace: () => ({ allowance: rules(open) }) });
    await world.untilAsked();
    world.api.topologies.set('default/shop', shopTopology({ policy, environment }));
    world.decide('Approved');
    await world.until('the next iteration', () => (world.status.iteration ?? 0) > 1);
    await world.untilPhase('Escalated', 'Failed');
    await world.pass(60);
    expect(resultsOf(world)).toContain('is no lower environment');
    expect(world.outside.effects).toEqual([]);
  });

  test('one that says Staging is fixed, by the same rules', async () => {
    const world = newWorld({ story: smallMemory, replace: () => ({ allowance: rules(open) }) });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(world.outside.effects.map(({ kind }) => kind)).toEqual(['act', 'push', 'pull request']);
  });
});

describe('what is withdrawn while a person decides holds', () => {
  const policy = { ...shopPolicy, approvals: ['shop.resize'] };

  test.each<[string, Partial<Allow>, string]>([
    ['everything', { namespaces: [], repositories: [] }, 'the operator is configured to diagnose and propose only'],
    ['the namespace', { namespaces: ['other'] }, 'namespace default is not among the allowed ones'],
  ])('by the configuration: %s', async (_, change, why) => {
    let allow = open;
    const allowance: Allowance = {
      barred: (...given) => rules(allow).barred(...given),
      refusal: (...given) => rules(allow).refusal(...given),
      unavailable: () => undefined,
    };
    const world = newWorld({ story: smallMemory, topology: { policy }, replace: () => ({ allowance }) });
    await world.untilAsked();
    allow = { ...open, ...change };
    world.decide('Approved');
    await world.untilPhase('Escalated');
    await world.pass(60);
    expect(resultsOf(world)).toContain(why);
    expect(world.outside.effects).toEqual([]);
  });

  test('by the map: the action', async () => {
    const world = newWorld({ story: smallMemory, topology: { policy } });
    await world.untilAsked();
    world.api.topologies.set('default/shop', shopTopology({ policy: { ...policy, actions: ['shop.restart'] } }));
    world.decide('Approved');
    await world.untilPhase('Escalated');
    expect(resultsOf(world)).toContain('map default/shop does not name shop.resize among its policy.actions');
    expect(world.outside.effects.filter(({ what }) => what.startsWith('resize'))).toEqual([]);
  });
});

test.each<[string, Partial<Allow>]>([
  ['a repository that is not among the allowed ones', { repositories: ['acme/other'] }],
  ['a repository where none is allowed', { repositories: [] }],
])('%s gets no push and no pull request, though planning let it through', async (_, change) => {
  const allowance = { ...rules({ ...open, ...change }), refusal: () => undefined };
  const world = newWorld({ story: smallMemory, replace: () => ({ allowance }) });
  await world.untilEnd();
  expect(world.outside.effects.filter(({ kind }) => kind !== 'act')).toEqual([]);
});
