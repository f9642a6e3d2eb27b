import { describe, expect, test } from 'vitest';
import { abandonAnnotation } from '../../../controller/session/open-intents.ts';
import type { SessionWorld, SessionWorldOptions } from '../../helpers/session-world.ts';
import { article, hopeless, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

function worldOf(options: Partial<SessionWorldOptions> = {}): SessionWorld {
  return newWorld({ story: smallMemory, ...options });
}

const acts = (world: SessionWorld) =>
  world.outside.effects.filter(({ kind }) => kind === 'act').map(({ what }) => what);
const restart = { action: 'shop.restart', node: 'shop/compute', parameters: {}, rationale: 'restart it' };
const restarting: Partial<SessionWorldOptions> = { book: { OutOfMemory: [restart] } };

/** Died after something that nothing makes recognisable. */
async function untold(): Promise<SessionWorld> {
  const world = worldOf(restarting);
  await world.untilAsked();
  world.hazard.plan = ({ what }) => (what === 'restart' ? 'die after' : undefined);
  world.decide('Approved');
  await world.untilStalled('OutcomeUnknown');
  return world;
}

describe('cancel', () => {
  test('before an act: nothing was done and nothing is', async () => {
    const world = worldOf();
    await world.untilPhase('Diagnosing');
    world.change({ cancel: true });
    await world.untilEnd();
    expect(world.status.phase).toBe('Cancelled');
    expect(world.outside.effects).toEqual([]);
  });

  test('while a fix is verified: it is taken back first', async () => {
    const world = worldOf();
    await world.untilPhase('Verifying');
    world.change({ cancel: true });
    await world.untilEnd();
    expect(world.status.phase).toBe('Cancelled');
    expect(acts(world)).toEqual(['resize 512 to 1024', 'resize 1024 to 512']);
    expect(world.status.history).toMatchObject([{ result: 'fail - cancelled', standing: 'RolledBack' }]);
    expect(world.condition('Stalled')).toMatchObject({ status: 'True', reason: 'Cancelled' });
    expect(world.locks.size).toBe(0);
  });

  test('takes back the partial fixes of earlier iterations too, and says which commits stay', async () => {
    const world = worldOf({ story: article });
    await world.until('iteration 3', () => world.status.iteration === 3 && world.status.phase === 'Planning');
    world.change({ cancel: true });
    await world.untilEnd();
    expect(acts(world).at(-1)).toBe('resize 1024 to 512');
    expect(world.status.history).toMatchObject([
      { iteration: 1, standing: 'RolledBack' },
      { iteration: 2, standing: 'Kept', result: expect.stringContaining('its commit is what was deployed last') },
    ]);
  });

  test('while an act is on its way: its end is awaited, then it is taken back', async () => {
    let arrive: () => void = () => undefined;
    const world = worldOf({
      replace: ({ tools }) => ({
        tools: {
          ...tools,
          toolsFor: (session, use) => ({
            async call(tool, args, signal) {
              if (tool === 'resize' && args['memory'] === 1024) {
                await new Promise<void>((resolve, reject) => {
                  arrive = resolve;
                  signal.addEventListener('abort', () => reject(new Error('aborted')));
                });
              }
              return tools.toolsFor(session, use).call(tool, args, signal);
            },
          }),
        },
      }),
    });
    await world.until('a pending act', () => world.status.intents?.[0]?.state === 'Pending');
    world.change({ cancel: true });
    await world.pass(20);
    expect(world.status.phase).toBe('Acting');
    arrive();
    await world.untilEnd();
    expect(world.status.phase).toBe('Cancelled');
    expect(acts(world)).toEqual(['resize 512 to 1024', 'resize 1024 to 512']);
  });

  test('an act that was written down and never made is not made any more', async () => {
    const world = worldOf();
    world.hazard.plan = ({ what }) => (what === 'resize' ? 'die before' : undefined);
    await world.until('the death', () => world.lives === 2);
    world.hazard.plan = () => undefined;
    world.change({ cancel: true });
    await world.untilEnd();
    expect(world.status.phase).toBe('Cancelled');
    expect(world.outside.effects).toEqual([]);
    expect(world.status.intents).toMatchObject([{ state: 'Failed', message: 'the session is cancelled' }]);
    expect(world.status.history).toMatchObject([{ standing: 'NotApplied' }]);
  });

  test('an act that was made before the death is found, then taken back', async () => {
    const world = worldOf();
    world.hazard.plan = ({ what }) => (what === 'resize' && world.lives === 1 ? 'die after' : undefined);
    await world.until('the death', () => world.lives === 2);
    world.change({ cancel: true });
    await world.untilEnd();
    expect(acts(world)).toEqual(['resize 512 to 1024', 'resize 1024 to 512']);
    expect(world.status.intents).toMatchObject([{ adopted: true }, { kind: 'Rollback', state: 'Succeeded' }]);
  });

  test('withdraws the question that was open', async () => {
    const world = worldOf(restarting);
    await world.untilAsked();
    const { name } = world.question.metadata;
    world.change({ cancel: true });
    await world.untilEnd();
    expect(world.api.approval(`default/${name}`)?.status?.state).toBe('Withdrawn');
    expect(world.status.approvalRef).toBeUndefined();
  });

  test('what cannot be told holds it, until a person lets it go', async () => {
    const world = await untold();
    world.change({ cancel: true });
    await world.pass(60);
    expect(world.status.phase).toBe('Acting');
    world.api.annotate('default/broken', { [abandonAnnotation]: 'true' });
    await world.untilEnd();
    expect(world.announced).toContainEqual(expect.objectContaining({ reason: 'IntentsAbandoned' }));
    expect(acts(world)).toEqual(['restart']);
  });

  test('without its map it ends all the same, and holds no lock', async () => {
    const world = worldOf();
    await world.untilPhase('Verifying');
    world.api.topologies.clear();
    world.change({ cancel: true });
    await world.untilEnd();
    expect(world.status.phase).toBe('Cancelled');
    await world.pass(5);
    expect(world.locks.size).toBe(0);
  });
});

describe('a person stops an escalated session', () => {
  test('what is live is taken back', async () => {
    const { OutOfMemory = [] } = (await import('../../helpers/session/shop.ts')).book;
    const world = worldOf({ story: article, book: { OutOfMemory: OutOfMemory.slice(0, 1) } });
    await world.untilAsked();
    expect(world.outside.live.memory).toBe(1024);
    world.decide('Rejected', { reason: 'no more' });
    await world.untilEnd();
    expect(world.status).toMatchObject({ phase: 'Failed', outcome: 'Stopped' });
    expect(world.outside.live.memory).toBe(512);
    expect(world.status.history).toMatchObject([{ standing: 'RolledBack' }]);
  });
});

describe('suspend', () => {
  test('nothing happens while it lasts, it shows, and the session goes on afterwards', async () => {
    const world = worldOf();
    await world.untilPhase('Diagnosing');
    world.change({ suspend: true });
    await world.pass(30);
    expect(world.status.phase).toBe('Diagnosing');
    expect(world.condition('Reconciling')).toMatchObject({ reason: 'Suspended' });
    expect(world.status.observedGeneration).toBe(world.session.metadata.generation);
    world.change({ suspend: false });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test('from the start', async () => {
    const world = worldOf({ spec: { suspend: true } });
    await world.pass(30);
    expect(world.status).toMatchObject({ phase: 'Pending' });
    expect(world.api.written).toHaveLength(1);
  });
});

describe('deletion', () => {
  test('a session that touched nothing is gone at once', async () => {
    const world = worldOf();
    await world.untilPhase('Planning');
    world.api.deleteSession('default/broken');
    expect(world.api.session('default/broken')).toBeUndefined();
    await world.pass(10);
    expect(world.outside.effects).toEqual([]);
  });

  test('one whose act was never made goes without making it', async () => {
    const world = worldOf();
    world.hazard.plan = ({ what }) => (what === 'resize' ? 'die before' : undefined);
    await world.until('the death', () => world.lives === 2);
    world.hazard.plan = () => undefined;
    world.api.deleteSession('default/broken');
    expect(world.api.session('default/broken')).toBeDefined();
    await world.until('it is gone', () => world.api.session('default/broken') === undefined);
    expect(world.outside.effects).toEqual([]);
    expect(world.locks.size).toBe(0);
  });

  test('what cannot be told holds it, until a person lets it go', async () => {
    const world = await untold();
    world.api.deleteSession('default/broken');
    await world.pass(60);
    expect(world.api.session('default/broken')).toBeDefined();
    world.api.annotate('default/broken', { [abandonAnnotation]: 'true' });
    await world.until('it is gone', () => world.api.session('default/broken') === undefined);
  });

  test('without the map it is held too, and goes when the map is back', async () => {
    const world = worldOf();
    world.hazard.plan = ({ what }) => (what === 'resize' && world.lives === 1 ? 'die after' : undefined);
    await world.until('the death', () => world.lives === 2);
    const maps = [...world.api.topologies];
    world.api.topologies.clear();
    world.api.deleteSession('default/broken');
    await world.untilStalled('TopologyNotFound');
    for (const [key, map] of maps) world.api.topologies.set(key, map);
    await world.until('it is gone', () => world.api.session('default/broken') === undefined);
    expect(acts(world)).toHaveLength(1);
  });

  test('a session of the same name made later is another', async () => {
    const world = worldOf({ story: hopeless });
    await world.untilPhase('Planning');
    world.api.deleteSession('default/broken');
    world.api.createSession('broken', { ...world.api.written[0]?.spec, topologyRef: { name: 'shop' } } as never);
    await world.untilPhase('Acting');
    expect(world.status.iteration).toBe(1);
  });
});
