import { describe, expect, test } from 'vitest';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { reconcileSession } from '../../../controller/session/reconcile.ts';
import type { SessionWorld, SessionWorldOptions } from '../../helpers/session-world.ts';
import { hopeless, shopPolicy, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

function worldOf(options: Partial<SessionWorldOptions> = {}): SessionWorld {
  return newWorld({ story: smallMemory, ...options });
}

const asking = { policy: { ...shopPolicy, approvals: ['shop.resize'] } };
const phases: readonly (readonly [string, Partial<SessionWorldOptions>])[] = [
  ['Sweeping', {}],
  ['AwaitingApproval', { topology: asking }],
  ['Acting', {}],
  ['Verifying', {}],
  ['Reporting', {}],
  ['Escalated', { story: hopeless }],
];

/** All that a session can change, in its cluster and outside. */
function touched(world: SessionWorld) {
  return {
    effects: [...world.outside.effects],
    branches: [...world.outside.repository.branches],
    pulls: [...world.outside.repository.pulls],
    locks: [...world.locks],
    approvals: [...world.api.approvals()],
  };
}

/** The cluster is lost and comes back from a backup, with the session as it is now and all that it had frozen. */
function restored(world: SessionWorld): DebugSession {
  world.restart();
  const session = world.api.restoreSession(world.session, world.status);
  const { uid } = session.metadata;
  for (const [digest, frozen] of world.api.evidence) world.api.evidence.set(digest, { ...frozen, uid });
  return session;
}

describe('a status', () => {
  test('says from the first write on which session it is for', async () => {
    const world = worldOf();
    await world.untilEnd();
    const { uid } = world.session.metadata;
    expect(world.api.written.map(({ status }) => status?.uid)).toEqual(world.api.written.map(() => uid));
  });
});

describe('a session that is restored with its status', () => {
  test.each(phases)('in %s does nothing any more, and says why', async (phase, options) => {
    const world = worldOf(options);
    await world.until(phase, () => world.status.phase === phase);
    const old = world.session.metadata.uid;
    const { metadata } = restored(world);
    const before = touched(world);
    const writes = world.api.written.length;
    await world.pass(300);
    expect(world.condition('Stalled')).toMatchObject({ status: 'True', reason: 'RestoredObject' });
    expect(world.condition('Stalled')?.message).toContain(old);
    expect(world.condition('Stalled')?.message).toContain(metadata.uid);
    expect(world.status).toMatchObject({ phase, uid: old });
    expect(world.api.written.length - writes).toBe(1);
    expect(touched(world)).toEqual(before);
  });

  test('with an act under way leaves it as it is', async () => {
    const world = worldOf();
    world.hazard.plan = ({ what }) => (what === 'resize' ? 'die before' : undefined);
    await world.until('the death', () => world.lives === 2);
    world.hazard.plan = () => undefined;
    restored(world);
    await world.pass(60);
    expect(world.status.intents).toMatchObject([{ state: 'Pending' }]);
    expect(world.outside.effects).toEqual([]);
  });

  test('takes nothing back when it is cancelled', async () => {
    const world = worldOf();
    await world.untilPhase('Verifying');
    restored(world);
    const before = touched(world);
    world.change({ cancel: true });
    await world.pass(120);
    expect(world.condition('Stalled')?.reason).toBe('RestoredObject');
    expect(touched(world)).toEqual(before);
  });

  test('goes when it is deleted, without looking at what it did not do', async () => {
    const world = worldOf();
    world.hazard.plan = ({ what }) => (what === 'resize' ? 'die before' : undefined);
    await world.until('the death', () => world.lives === 2);
    world.hazard.plan = () => undefined;
    restored(world);
    world.api.deleteSession('default/broken');
    expect(world.api.session('default/broken')).toBeDefined();
    world.api.topologies.clear();
    await world.until('it is gone', () => world.api.session('default/broken') === undefined);
    expect(world.outside.effects).toEqual([]);
  });

  test('after its end stays as it is: there is nothing that it could do', async () => {
    const world = worldOf();
    await world.untilEnd();
    restored(world);
    const writes = world.api.written.length;
    await world.pass(60);
    expect(world.api.written.length).toBe(writes);
    expect(world.condition('Ready')).toMatchObject({ status: 'True', reason: 'Fixed' });
  });

  test('does not keep another session from its map', async () => {
    const world = worldOf();
    await world.untilPhase('Verifying');
    const { spec } = restored(world);
    const other = world.api.createSession('other', spec);
    await reconcileSession(other, world.deps, new AbortController().signal);
    expect(world.api.session('default/other')?.status?.phase).toBe('Sweeping');
  });

  test('is noticed even when the status comes back while an act begins', async () => {
    const world = worldOf({
      replace: ({ sessions }) => ({
        sessions: {
          ...sessions,
          async live(...args) {
            const live = await sessions.live(...args);
            world.api.putSessionStatus({ ...live, status: { ...live.status, uid: 'another' } });
            return sessions.live(...args);
          },
        },
      }),
    });
    await world.untilStalled('RestoredObject');
    await world.pass(60);
    expect(world.outside.effects).toEqual([]);
    expect(world.status.intents).toBeUndefined();
  });
});
