import { describe, expect, test } from 'vitest';
import type { SessionWorld } from '../../helpers/session-world.ts';
import { Life } from '../../helpers/session/hazard.ts';
import { largeBatch, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const worldOf = cleanWorlds();

/** Another session has every lock that the session wants. */
function lockedOut(world: SessionWorld): () => void {
  const acquire = world.deps.locks.acquire.bind(world.deps.locks);
  let free = false;
  Object.assign(world.deps.locks, {
    acquire: async (...args: Parameters<typeof acquire>) => (free ? acquire(...args) : 'another session'),
  });
  return () => {
    free = true;
  };
}

describe('the locks of a session', () => {
  test('are held from Acting to the end of Verifying, and by nobody afterwards', async () => {
    const world = worldOf({ story: largeBatch });
    await world.untilPhase('Verifying');
    expect([...world.locks.keys()]).toEqual(world.status.locks);
    expect(world.locks.size).toBeGreaterThan(1);
    await world.until('the next iteration', () => world.status.iteration === 2 && world.status.phase === 'Sweeping');
    expect(world.locks.size).toBe(0);
    expect(world.status.locks).toBeUndefined();
    await world.untilPhase('Reporting');
    await world.untilEnd();
    expect(world.locks.size).toBe(0);
  });

  test('who waits for them does nothing, says so, and looks again before acting', async () => {
    const world = worldOf({ story: smallMemory });
    const unlock = lockedOut(world);
    await world.until('Locked', () => world.condition('Reconciling')?.reason === 'Locked');
    const writes = world.api.written.length;
    await world.pass(60);
    expect(world.api.written.length).toBe(writes);
    expect(world.outside.effects).toEqual([]);
    unlock();
    await world.untilPhase('Sweeping');
    expect(world.status.history).toEqual([]);
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', iteration: 1 });
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
    expect(world.locks.size).toBe(0);
  });

  test('a session that waited and then found nothing wrong gives them back', async () => {
    const story = { ...smallMemory };
    const world = worldOf({ story });
    const unlock = lockedOut(world);
    await world.until('Locked', () => world.condition('Reconciling')?.reason === 'Locked');
    story.ills = () => [];
    unlock();
    await world.untilEnd();
    expect(world.status.outcome).toBe('NoFaultFound');
    await world.pass(5);
    expect(world.locks.size).toBe(0);
    expect(world.status.locks).toBeUndefined();
  });

  test('are taken again by a new life in the middle of a verification', async () => {
    const world = worldOf({ story: smallMemory });
    await world.untilPhase('Verifying');
    world.restart();
    await world.step();
    expect(world.status.phase).toBe('Verifying');
    expect(new Set([...world.locks.values()].map(({ life }) => life))).toEqual(new Set([world.life]));
    await world.untilEnd();
  });

  test('while another session took them over in the meantime nothing is judged', async () => {
    const world = worldOf({ story: smallMemory });
    await world.untilPhase('Verifying');
    world.life.die();
    const other = { holder: 'another session', life: new Life() };
    for (const key of world.locks.keys()) world.locks.set(key, other);
    world.restart();
    await world.untilStalled('StepFailed');
    expect(world.condition('Stalled')?.message).toContain('another session acts on the same target');
    await world.pass(60);
    expect(world.status.phase).toBe('Verifying');
    world.locks.clear();
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });
});
