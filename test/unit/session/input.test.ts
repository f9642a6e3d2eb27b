import { describe, expect, test } from 'vitest';
import { ToolAnswerTooLarge } from '../../../controller/mcp/errors.ts';
import type { SessionWorld, SessionWorldOptions } from '../../helpers/session-world.ts';
import { toolFailed } from '../../helpers/session/outside.ts';
import { healthy, shopTopology, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

function worldOf(options: Partial<SessionWorldOptions> = {}): SessionWorld {
  return newWorld({ story: smallMemory, ...options });
}

describe('a session whose input is bad', () => {
  test('no such map: Stalled, naming the field and the object; goes on when the map comes', async () => {
    const world = worldOf();
    world.api.topologies.clear();
    await world.untilStalled('TopologyNotFound');
    expect(world.status.phase).toBe('Pending');
    expect(world.condition('Stalled')?.message).toBe('spec.topologyRef: there is no ServiceTopology default/shop');
    expect(world.announced).toContainEqual(expect.objectContaining({ type: 'Warning', reason: 'TopologyNotFound' }));
    const writes = world.api.written.length;
    await world.pass(120);
    expect(world.api.written.length).toBe(writes);
    world.api.topologies.set('default/shop', shopTopology());
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test('the map goes away in the middle and comes back: nothing is lost, nothing done twice', async () => {
    const world = worldOf();
    await world.untilPhase('Verifying');
    world.api.topologies.clear();
    await world.untilStalled('TopologyNotFound');
    expect(world.status.phase).toBe('Verifying');
    world.api.topologies.set('default/shop', shopTopology());
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
  });

  test('a map without a node that can be looked at: Stalled, saying what each lacks', async () => {
    const self = [
      { name: 'compute', type: 'compute', skill: 'no-such-skill' },
      { name: 'code', type: 'code', skill: 'editor' },
    ];
    const world = worldOf({
      topology: { self, downstream: [{ name: 'db', type: 'db', skill: 'store', with: { adress: 'x' } }] },
    });
    await world.untilStalled('NothingToLookAt');
    expect(world.condition('Stalled')?.message).toContain('shop/compute: unknown skill no-such-skill');
    expect(world.condition('Stalled')?.message).toContain(
      'shop/db: with: must NOT have additional properties ("adress")',
    );
    world.api.topologies.set('default/shop', shopTopology());
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test('one bad node among good ones: it is Unknown with its reason, and the session goes on', async () => {
    const downstream = [{ name: 'db', type: 'db', skill: 'no-such-skill' }];
    const world = worldOf({ topology: { downstream } });
    await world.untilPhase('Planning');
    expect(world.condition('NodesSeen')).toMatchObject({ status: 'False', reason: 'NodesUnknown' });
    expect(world.condition('NodesSeen')?.message).toContain('shop/db: unknown skill no-such-skill');
    expect(world.announced).toContainEqual(
      expect.objectContaining({ reason: 'Swept', message: expect.stringContaining('unknown skill no-such-skill') }),
    );
  });

  test.each([
    ['an endpoint that never answers', 'never' as const, 'no answer within 5 s'],
    ['a tool that answers too much', new ToolAnswerTooLarge({ server: 'shop', tool: 'look' }, '50 MB'), '50 MB'],
    ['a tool that answers rubbish', new SyntaxError('Unexpected token'), 'Unexpected token'],
  ])('%s: the node is Unknown, and it is seen again when that is mended', async (_, fault, said) => {
    const world = worldOf();
    world.outside.toolFault = (_tool, { node }) => (node === 'db' ? fault : undefined);
    await world.untilPhase('Planning');
    expect(world.status.sweep?.nodes?.find(({ node }) => node === 'shop/db')).toMatchObject({ health: 'Unknown' });
    expect(world.condition('NodesSeen')?.message).toContain(said);
    await world.until('Acting', () => world.status.phase === 'Acting');
    world.outside.toolFault = () => undefined;
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test('nothing at all can be seen: Stalled with the reasons, and by itself again when it is mended', async () => {
    const world = worldOf({ story: healthy });
    world.outside.toolFault = (tool) =>
      toolFailed(tool, 'spec.credentials[skill=shop,access=Read].secretRef: Secret default/aws is missing');
    await world.untilStalled('NothingSeen');
    expect(world.condition('Stalled')?.message).toContain('Secret default/aws is missing');
    await world.pass(120);
    expect(world.status.phase).toBe('Sweeping');
    expect(world.api.evidence.size).toBe(0);
    world.outside.toolFault = () => undefined;
    await world.untilEnd();
    expect(world.status.outcome).toBe('NoFaultFound');
  });

  test('a node that is planned for and then leaves the map: Stalled, and on again when it is back', async () => {
    const world = worldOf();
    await world.untilPhase('Acting');
    world.api.topologies.set(
      'default/shop',
      shopTopology({ self: [{ name: 'other', type: 'compute', skill: 'compute' }] }),
    );
    await world.untilStalled('PhaseFailed');
    expect(world.condition('Stalled')?.message).toContain('shop.resize at shop/compute is not there any more');
    expect(world.outside.effects).toEqual([]);
    world.api.topologies.set('default/shop', shopTopology());
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test('evidence that was deleted: Stalled, saying so', async () => {
    const world = worldOf();
    await world.untilPhase('Acting');
    world.api.evidence.clear();
    await world.untilStalled('PhaseFailed');
    expect(world.condition('Stalled')?.message).toMatch(/^Acting: evidence [0-9a-f]{64} is not there$/);
    expect(world.outside.effects).toEqual([]);
  });
});
