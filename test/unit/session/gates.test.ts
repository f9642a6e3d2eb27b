import { describe, expect, test } from 'vitest';
import type { ServiceTopology } from '../../../controller/api/kinds.ts';
import type { SessionWorld } from '../../helpers/session-world.ts';
import { redPipeline, shopPolicy, smallMemory, timeout } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

type Policy = NonNullable<ServiceTopology['spec']['policy']>;

const newWorld = cleanWorlds();

function worldOf(policy: Partial<Policy>): SessionWorld {
  return newWorld({ story: smallMemory, topology: { policy: { ...shopPolicy, ...policy } } });
}
const ruled = (when: string) => worldOf({ approvalRules: [{ name: 'rule', when }] });
const acts = (world: SessionWorld) => world.outside.effects.filter(({ kind }) => kind === 'act');

describe('when the map says a person is to be asked', () => {
  // The world's clock begins at midnight, UTC, on a Thursday.
  test.each([
    ["action == 'shop.resize'"],
    ["class == 'Infra' && risk != 'High'"],
    ["environment == 'staging' && target.startsWith('compute:')"],
    ["blastRadius >= 1 && 'shop' in affected"],
    ['parameters.memory > 1000'],
    ['hour < 6 || weekday == 0'],
    ["timestamp(now) < timestamp('2100-01-01T00:00:00Z')"],
  ])('%s', async (when) => {
    const world = ruled(when);
    await world.untilAsked();
    expect(world.question.spec).toMatchObject({ gate: 'RiskyAction', actionDigest: world.status.plan?.actionDigest });
    expect(world.status.plan?.gateReason).toBe("the map's rule rule asks");
    expect(acts(world)).toEqual([]);
    world.decide('Approved');
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test.each([
    ["action == 'shop.restart'"],
    ["risk == 'High'"],
    ["environment == 'production'"],
    ['blastRadius > 1'],
    ['hour >= 6'],
  ])('%s is not said of this act: nobody is asked', async (when) => {
    const world = ruled(when);
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(world.api.approvals()).toEqual([]);
  });

  test.each([
    ['no CEL', 'risk ==', ''],
    ['no such variable', 'severity > 3', 'severity'],
    ['no such parameter', 'parameters.cpu > 1', 'cpu'],
    ['no answer to the question', "'yes'", 'neither true nor false'],
    ['the answer of another type', 'hour', 'neither true nor false'],
  ])('a rule that cannot be judged asks: %s', async (_, when, said) => {
    const world = ruled(when);
    await world.untilAsked();
    expect(world.status.plan?.gateReason).toContain('cannot be judged');
    expect(world.status.plan?.gateReason).toContain(said);
    expect(acts(world)).toEqual([]);
  });

  test('one rule among several is enough, and who decides is told which, and whom it could hurt', async () => {
    const world = worldOf({
      approvals: ['shop.resize'],
      approvalRules: [
        { name: 'never', when: 'false' },
        { name: 'always', when: 'true' },
      ],
    });
    await world.untilAsked();
    const { summary } = world.question.spec;
    expect(summary).toContain("policy.approvals names shop.resize; the map's rule always asks.");
    expect(summary).not.toContain('never');
    expect(summary).toContain('By the map shop could suffer from it.');
  });

  test('a map that begins to ask between the plan and the act is asked again', async () => {
    const world = worldOf({});
    await world.untilPhase('Acting');
    const topology = world.api.topologies.get('default/shop');
    if (topology === undefined) throw new Error('there is no map');
    const policy = { ...shopPolicy, approvalRules: [{ name: 'late', when: 'true' }] };
    world.api.topologies.set('default/shop', { ...topology, spec: { ...topology.spec, policy } });
    await world.untilAsked();
    expect(world.announced).toContainEqual(expect.objectContaining({ reason: 'ApprovalNeeded' }));
    expect(acts(world)).toEqual([]);
  });
});

describe('a code fix that changes a schema waits for a person before the push', () => {
  const story = { ...redPipeline, ills: () => [timeout] };
  const pushes = (world: SessionWorld) => world.outside.effects.filter(({ kind }) => kind === 'push');
  const fixOf = (path: string, files: Record<string, string>) =>
    newWorld({
      story: { ...story, files: { ...story.files, ...files } },
      topology: { policy: { ...shopPolicy, schemaPaths: ['database/'] } },
      book: {
        Timeout: [
          {
            action: 'shop.set-number',
            node: 'shop/code',
            parameters: { key: 'batch', value: 100, path },
            rationale: 'smaller batches',
          },
        ],
      },
    });

  test.each([
    ['a path of schemaPaths', 'database/shop.json', '{"batch":500}'],
    ['a migration', 'migrations/2.json', '{"batch":500}'],
    ['data definition', 'src/a.json', '{"batch":500,"sql":"ALTER TABLE payments ADD COLUMN batch int"}'],
  ])('%s', async (_, path, content) => {
    const world = fixOf(path, { [path]: content });
    await world.untilAsked();
    expect(world.question.spec.gate).toBe('SchemaChange');
    expect(world.question.spec.summary).toContain(path);
    await world.pass(60);
    expect(pushes(world)).toEqual([]);
    world.decide('Approved');
    await world.until('the push', () => pushes(world).length > 0);
  });
});

describe('a question is withdrawn when the world has changed', () => {
  const asking = { approvals: ['shop.resize'] };
  const stateOf = (world: SessionWorld, name: string) => world.api.approval(`default/${name}`)?.status?.state;

  test("the target's version is another: it is looked again, and asked about what is there now", async () => {
    const world = worldOf(asking);
    await world.untilAsked();
    const { name } = world.question.metadata;
    world.outside.interfere();
    await world.untilPhase('Sweeping');
    expect(stateOf(world, name)).toBe('Withdrawn');
    expect(world.announced).toContainEqual(expect.objectContaining({ reason: 'PlanOutdated' }));
    await world.untilAsked();
    expect(world.question.metadata.name).not.toBe(name);
    expect(acts(world)).toEqual([]);
  });

  test('the map does not allow the act any more', async () => {
    const world = worldOf(asking);
    await world.untilAsked();
    const { name } = world.question.metadata;
    const topology = world.api.topologies.get('default/shop');
    if (topology === undefined) throw new Error('there is no map');
    const policy = { ...shopPolicy, ...asking, actions: ['shop.restart'] };
    world.api.topologies.set('default/shop', { ...topology, spec: { ...topology.spec, policy } });
    await world.untilPhase('Sweeping');
    expect(stateOf(world, name)).toBe('Withdrawn');
    world.api.decide(`default/${name}`, { decision: 'Approved', decidedBy: 'bob' });
    await world.pass(60);
    expect(acts(world)).toEqual([]);
  });

  test('while it stays the same the question stays open, however long, and no tool call is counted for looking', async () => {
    const world = worldOf(asking);
    await world.untilAsked();
    const { name } = world.question.metadata;
    const { toolCalls } = world.status.usage ?? {};
    await world.pass(300);
    expect(world.question.metadata.name).toBe(name);
    expect(stateOf(world, name)).toBe('Open');
    world.decide('Approved');
    await world.untilPhase('Acting');
    expect(world.status.usage?.toolCalls).toBe(toolCalls);
  });
});

describe('the blast radius of a session', () => {
  test('is counted and kept when its act begins, and survives the operator', async () => {
    const world = worldOf({});
    await world.untilEnd();
    expect(world.status.plan?.affected).toEqual(['shop']);
    expect(world.status.usage?.affected).toEqual(['shop']);
    world.restart();
    await world.pass(5);
    expect(world.status.usage?.affected).toEqual(['shop']);
  });

  test('a plan beyond it is not carried out: a person lets it go on, or stops it', async () => {
    const world = newWorld({
      story: smallMemory,
      topology: {
        upstream: [
          { name: 'checkout', type: 'http', skill: 'store' },
          { name: 'mobile', type: 'http', skill: 'store' },
        ],
      },
      spec: { limits: { blastRadius: 2 } },
    });
    await world.untilAsked();
    expect(world.status.phase).toBe('Escalated');
    expect(world.question.spec.gate).toBe('Escalation');
    expect(world.announced).toContainEqual(expect.objectContaining({ reason: 'BlastRadiusLimit' }));
    expect(acts(world)).toEqual([]);
    expect(world.status.usage?.affected).toBeUndefined();
    world.decide('Approved');
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed' });
    expect(world.status.usage?.affected).toEqual(['shop', 'shop/checkout', 'shop/mobile']);
  });
});
