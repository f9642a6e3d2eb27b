import { describe, expect, test } from 'vitest';
import { ProgressHub, type ProgressEvent } from '../../../controller/session/progress.ts';
import { SessionWorld } from '../../helpers/session-world.ts';
import { smallMemory } from '../../helpers/session/shop.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const minutes = 60_000;

const step = (subject: string): ProgressEvent => ({
  at: '2026-01-02T03:04:05Z',
  iteration: 1,
  phase: 'Sweeping',
  kind: 'Probe',
  subject,
  state: 'Healthy',
  message: '',
});
const end: ProgressEvent = { ...step('Failed'), phase: 'Failed', kind: 'Phase', state: 'Stopped' };

/** What somebody is told who looks now. */
function seen(hub: ProgressHub, uid: string): readonly string[] {
  const subjects: string[] = [];
  hub.watch(uid, ({ subject }) => void subjects.push(subject))();
  return subjects;
}

describe('live progress', () => {
  test('is told to who comes late, then as it happens, until he goes', () => {
    const hub = new ProgressHub(new FakeClock());
    hub.publish('a', step('before'));
    const told: string[] = [];
    const leave = hub.watch('a', ({ subject }) => void told.push(subject));
    hub.publish('a', step('after'));
    hub.publish('b', step('of another'));
    leave();
    hub.publish('a', step('too late'));
    expect(told).toEqual(['before', 'after']);
  });

  test('is kept for minutes after the end, and no longer', async () => {
    const clock = new FakeClock();
    const hub = new ProgressHub(clock);
    hub.publish('ended', step('probe'));
    hub.publish('ended', end);
    hub.publish('open', step('probe'));
    await clock.advance(4 * minutes);
    expect(seen(hub, 'ended')).toEqual(['probe', 'Failed']);
    await clock.advance(2 * minutes);
    hub.publish('open', step('another'));
    expect(hub.size).toBe(2);
    expect(seen(hub, 'ended')).toEqual([]);
    expect(seen(hub, 'open')).toEqual(['probe', 'another']);
  });

  test('of one session is bounded, and of all: who was quiet for the longest time is forgotten first', () => {
    const hub = new ProgressHub(new FakeClock(), { ofOne: 3, ofAll: 7 });
    for (const i of [1, 2, 3, 4]) for (const uid of ['a', 'b']) hub.publish(uid, step(`${uid}${i}`));
    expect(seen(hub, 'a')).toEqual(['a2', 'a3', 'a4']);
    hub.publish('a', step('a5'));
    hub.publish('c', step('c1'));
    expect(hub.size).toBe(7);
    hub.publish('c', step('c2'));
    expect([seen(hub, 'a'), seen(hub, 'b'), seen(hub, 'c')]).toEqual([['a3', 'a4', 'a5'], [], ['c1', 'c2']]);
    expect(hub.size).toBe(5);
  });

  test('of thousands of sessions that came and went comes to nothing', async () => {
    const clock = new FakeClock();
    const hub = new ProgressHub(clock);
    for (let i = 0; i < 2000; i += 1) {
      hub.publish(`session-${i}`, step('probe'));
      hub.publish(`session-${i}`, end);
      await clock.advance(1000);
    }
    expect(hub.size).toBeLessThanOrEqual(2 * 5 * 60);
  });

  test('of a real session ends with it', async () => {
    const world = new SessionWorld({ story: smallMemory });
    await world.untilEnd();
    const { progress, clock } = world.deps;
    expect(seen(progress, world.session.metadata.uid)).toContain('Succeeded');
    await world.clock.advance(6 * minutes);
    expect(clock).toBe(world.clock);
    expect(seen(progress, world.session.metadata.uid)).toEqual([]);
    expect(progress.size).toBe(0);
  });
});
