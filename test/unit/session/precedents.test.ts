import { describe, expect, test } from 'vitest';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import type { EvidenceBundle } from '../../../controller/evidence/bundle.ts';
import { pastOf, wrongAnnotation } from '../../../controller/session/past.ts';
import { cameBack, precedentsFor } from '../../../controller/session/precedents.ts';
import { loadBundle, type Snapshot } from '../../../controller/session/snapshot.ts';
import type { Status } from '../../../controller/session/transition.ts';
import { article, hopeless, largeBatch, shopTopology, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';
import type { SessionWorld } from '../../helpers/session-world.ts';

const newWorld = cleanWorlds();
const signal = new AbortController().signal;
const resize = 'shop.resize shop/compute memory:increase';

/** A world whose session has ended, and what that one saw first, as another session sees it a month later. */
async function ended(story = smallMemory): Promise<{ world: SessionWorld; bundle: EvidenceBundle }> {
  const world = newWorld({ story });
  await world.untilPhase('Diagnosing');
  const { session, status } = world;
  const snapshot = { session, status, uid: session.metadata.uid, topology: shopTopology() };
  const seen = await loadBundle(snapshot, world.deps, signal);
  await world.untilPhase('Succeeded', 'Escalated');
  const later = new Date(Date.parse(seen.capturedAt) + 30 * 86_400_000).toISOString();
  const bundle = { ...seen, session: { ...seen.session, uid: 'another' }, capturedAt: later };
  return { world, bundle: { ...bundle, window: { from: later, to: later } } };
}

/** The next session of the map, so many seconds after the first one ended. */
function next(world: SessionWorld, afterSeconds = 60): Snapshot {
  const startedAt = new Date(
    Date.parse(world.status.completedAt ?? world.status.phaseStartedAt ?? '') + afterSeconds * 1000,
  ).toISOString();
  const made = world.api.createSession(`after-${afterSeconds}`, world.session.spec);
  const session: DebugSession = { ...made, status: { startedAt } };
  return { session, status: { startedAt }, uid: session.metadata.uid, topology: shopTopology() };
}

const week = 604_800;

describe('a session that was fixed', () => {
  test('is a precedent, with its cause and what worked', async () => {
    const { world, bundle } = await ended();
    expect(precedentsFor(next(world, week + 1), world.deps, bundle)).toEqual([
      {
        session: 'default/broken',
        endedAt: world.status.completedAt,
        symptom: '',
        rootCause: { node: 'shop/compute', kind: 'shop.OutOfMemory' },
        worked: [resize],
        failed: [],
        likeness: 1,
      },
    ]);
  });

  test('is none for what shows other findings', async () => {
    const { world, bundle } = await ended();
    const well = { ...bundle, nodes: bundle.nodes.map((node) => ({ ...node, findings: [] })) };
    expect(precedentsFor(next(world), world.deps, well)).toEqual([]);
    expect(cameBack(next(world, 61), world.deps, well)).toEqual([]);
  });

  test('and comes back within the window has not been fixed: its fix counts as failed', async () => {
    const { world, bundle } = await ended();
    const soon = next(world, week);
    expect(precedentsFor(soon, world.deps, bundle)).toMatchObject([{ worked: [], failed: [resize] }]);
    expect(cameBack(soon, world.deps, bundle)).toEqual([{ signature: resize, session: 'default/broken' }]);
    const late = next(world, week + 1);
    expect(cameBack(late, world.deps, bundle)).toEqual([]);
  });

  test('and came back in between is told as failed later too', async () => {
    const { world, bundle } = await ended();
    const { session } = next(world, 60);
    const status: Status = { ...world.status, ...session.status, outcome: 'Diagnosed', history: [] };
    world.api.putSessionStatus({ ...session, status });
    const late = next(world, 2 * week);
    expect(precedentsFor(late, world.deps, bundle)).toMatchObject([{ session: 'default/broken', failed: [resize] }]);
    expect(cameBack(late, world.deps, bundle)).toEqual([]);
  });

  test('is nothing any more once a person says that it was wrong, and is again when that is taken back', async () => {
    const { world, bundle } = await ended();
    const late = next(world);
    expect(cameBack(late, world.deps, bundle)).toEqual([{ signature: resize, session: 'default/broken' }]);
    world.api.annotate(world.key, { [wrongAnnotation]: 'it was the disk' });
    expect(precedentsFor(late, world.deps, bundle)).toEqual([]);
    expect(cameBack(late, world.deps, bundle)).toEqual([]);
    world.api.annotate(world.key, {});
    expect(precedentsFor(late, world.deps, bundle)).toHaveLength(1);
  });

  test('is forgotten with its object', async () => {
    const { world, bundle } = await ended();
    const late = next(world);
    expect(precedentsFor(late, world.deps, bundle)).toHaveLength(1);
    world.api.setFinalizers(world.session, []);
    world.api.deleteSession(world.key);
    expect(precedentsFor(late, world.deps, bundle)).toEqual([]);
  });

  test('of several causes has come back with the last one, and the fixes of the others still stand', async () => {
    const { world } = await ended(article);
    const past = pastOf(world.session);
    expect(past?.rootCause.kind).toBe('shop.PoolExhausted');
    expect(past?.worked).toHaveLength(3);
    expect(past?.cures).toEqual([past?.worked[2]]);
  });
});

test('the symptom as a person wrote it is redacted before it is offered to others', async () => {
  const { world } = await ended();
  const secret = ['hunter', '2'.repeat(8)].join('');
  const spec = { ...world.session.spec, symptom: { description: `login fails with password=${secret}` } };
  const { symptom = '' } = pastOf({ ...world.session, spec }) ?? {};
  expect(symptom).toContain('login fails');
  expect(symptom).not.toContain(secret);
});

test('a session that goes on or waits is no past', async () => {
  const { world, bundle } = await ended(hopeless);
  expect(world.status.phase).toBe('Escalated');
  expect(pastOf(world.session)).toBeUndefined();
  expect(precedentsFor(next(world), world.deps, bundle)).toEqual([]);
});

test('a session that was stopped is a precedent of what does not help', async () => {
  const { world, bundle } = await ended(hopeless);
  await world.untilAsked();
  world.decide('Rejected');
  await world.untilEnd();
  const [precedent] = precedentsFor(next(world, week), world.deps, bundle);
  expect(precedent?.worked).toEqual([]);
  expect(precedent?.failed).toContain(resize);
});

test('what was fixed before and is there again gets another fix, and a person reads why', async () => {
  const { world: first } = await ended();
  const again = newWorld({ story: largeBatch, name: 'again' });
  const completedAt = new Date(again.clock.now().getTime() - 3_600_000).toISOString().replace('.000Z', 'Z');
  again.api.restoreSession(first.session, { ...first.status, completedAt });
  await again.untilEnd();
  const { outcome, history = [], diagnosis } = again.status;
  expect(outcome).toBe('Fixed');
  expect(history.map(({ signature }) => signature)).toEqual(['shop.set-number shop/code batch:100']);
  expect(diagnosis?.gaps).toEqual([`Came back after default/broken, where it helped: ${resize}`]);
});
