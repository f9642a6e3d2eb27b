import { describe, expect, test } from 'vitest';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { reconcileSession } from '../../../controller/session/reconcile.ts';
import { SessionWorld } from '../../helpers/session-world.ts';
import { smallMemory } from '../../helpers/session/shop.ts';

const signal = new AbortController().signal;

/** The world's own session is `broken`; this one comes beside it. */
function beside(
  world: SessionWorld,
  name: string,
  metadata: Partial<DebugSession['metadata']> = {},
): () => DebugSession {
  const { spec } = world.session;
  world.api.createSession(name, spec, metadata);
  return () => {
    const session = world.api.session(`default/${name}`);
    if (session === undefined) throw new Error(`${name} is gone`);
    return session;
  };
}

async function look(world: SessionWorld, session: DebugSession): Promise<void> {
  await reconcileSession(session, world.deps, signal);
}

describe('sessions of one map', () => {
  test('of two created in the same second exactly one goes on, whichever is looked at first', async () => {
    for (const first of ['broken', 'second']) {
      const world = new SessionWorld({ story: smallMemory });
      const second = beside(world, 'second');
      const order = first === 'broken' ? [() => world.session, second] : [second, () => world.session];
      for (const session of order) await look(world, session());
      const ends = [world.session, second()].map(({ status }) => status?.outcome ?? status?.phase);
      expect(new Set(ends)).toEqual(new Set(['Duplicate', 'Sweeping']));
    }
  });

  test('one that begins while another works on the map is a duplicate, although its UID is the smaller one', async () => {
    const world = new SessionWorld({ story: smallMemory });
    await world.untilPhase('Diagnosing');
    const second = beside(world, 'second', {
      uid: '00000000',
      creationTimestamp: world.session.metadata.creationTimestamp,
    });
    await look(world, second());
    expect(second().status).toMatchObject({ phase: 'Succeeded', outcome: 'Duplicate' });
  });

  test('an older one that could not begin folds into the one that works already', async () => {
    const world = new SessionWorld({ story: smallMemory });
    await world.untilPhase('Diagnosing');
    const older = beside(world, 'older', { creationTimestamp: '2025-01-01T00:00:00Z' });
    await look(world, older());
    expect(older().status?.outcome).toBe('Duplicate');
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test.each([
    ['cancelled', { cancel: true }, {}],
    ['suspended', { suspend: true }, {}],
    ['of another mode', { mode: 'Diagnose' }, {}],
    ['on another map', { topologyRef: { name: 'other' } }, {}],
    ['being deleted', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }],
  ] as const)('one that is %s covers nobody', async (_, spec, metadata) => {
    const world = new SessionWorld({ story: smallMemory });
    world.api.createSession(
      'older',
      { ...world.session.spec, ...spec },
      { creationTimestamp: '2025-01-01T00:00:00Z', ...metadata },
    );
    await look(world, world.session);
    expect(world.status.phase).toBe('Sweeping');
  });

  test('one that has ended covers nobody', async () => {
    const world = new SessionWorld({ story: smallMemory });
    await world.untilEnd();
    const second = beside(world, 'second');
    await look(world, second());
    expect(second().status?.phase).toBe('Sweeping');
  });
});
