import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { DebugSession, ServiceTopology } from '../../../controller/api/kinds.ts';
import { Turns } from '../../../controller/alerts/turns.ts';
import { alertSessionsAround } from '../../../controller/session/alerts/folding.ts';
import type { Dependencies } from '../../../controller/session/dependencies.ts';
import { Neighbourhoods } from '../../../controller/topology/neighbourhood.ts';
import type { TopologySource } from '../../../controller/topology/resolved.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { mapNamed, sourceOf, storeOf } from '../../helpers/maps.ts';
import { Receiving, signal } from './receiving.ts';

const size = 1000;

/** A tree, whose branches are eight each: any two maps are within reach of each other, or nearly. */
const maps: readonly ServiceTopology[] = Array.from({ length: size }, (_, i) =>
  mapNamed(`s${i}`, { refersTo: i === 0 ? [] : [`s${Math.floor((i - 1) / 8)}`] }),
);

/** What is looked up in the cache of maps. */
function counted(): { readonly source: TopologySource; readonly looked: { maps: number; referrers: number } } {
  const looked = { maps: 0, referrers: 0 };
  const source = sourceOf(storeOf(maps));
  return {
    looked,
    source: {
      get(namespace, name) {
        looked.maps += 1;
        return source.get(namespace, name);
      },
      referrers(namespace, name) {
        looked.referrers += 1;
        return source.referrers(namespace, name);
      },
    },
  };
}

/** A millisecond passes with each look at it. */
class RunningClock extends FakeClock {
  looks = 0;
  override monotonicMs(): number {
    this.looks += 1;
    return this.looks;
  }
}

/** The most looks at the clock between two turns of the event loop, while the work goes on. */
async function longestStretch(clock: RunningClock, work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let isOver = false;
  const watching = (async () => {
    for (let before = clock.looks; !isOver; before = clock.looks) {
      await turn();
      longest = Math.max(longest, clock.looks - before);
    }
  })();
  await work().finally(() => (isOver = true));
  await watching;
  return longest;
}

describe('five hundred alerts of a thousand maps that hang together', () => {
  const alertsOf = (world: Receiving) => Array.from({ length: 500 }, (_, i) => world.alert(`s${i * 2}`, i % 60));

  test('look each reference up once, and each map’s sessions once a plan', async () => {
    const { source, looked } = counted();
    const world = new Receiving(maps, { neighbourhoods: new Neighbourhoods(source) });
    const results = await world.send(alertsOf(world));
    expect(new Set(results)).toEqual(new Set(['opened', 'joined']));
    expect(looked.referrers).toBeLessThanOrEqual(size);
    // Its own, what it refers to, and where the walk for an alert begins.
    expect(looked.maps).toBeLessThan(5 * size);
    expect(world.asked.length).toBeLessThanOrEqual(4 * size);
    const { referrers } = looked;
    expect(new Set(await world.send(alertsOf(world)))).toEqual(new Set(['repeated']));
    expect(looked.referrers).toBe(referrers);
  });

  test('let the event loop turn in between', async () => {
    const clock = new RunningClock();
    const world = new Receiving(maps, { clock });
    const longest = await longestStretch(clock, () => world.send(alertsOf(world)));
    expect(clock.looks).toBeGreaterThan(1000);
    expect(longest).toBeLessThan(20);
  });

  test('are left where the time for the request is over', async () => {
    const clock = new RunningClock();
    const world = new Receiving(maps, { clock });
    const late = new AbortController();
    const sending = world.send(alertsOf(world), 'group', late.signal);
    late.abort(new Error('late'));
    await expect(sending).rejects.toThrow('late');
    expect(world.writes).toEqual([]);
  });

  test('cost a session that folds one walk over the maps', () => {
    const { source, looked } = counted();
    const at = { creationTimestamp: '2026-01-02T03:04:00Z', namespace: 'a' };
    const on = (name: string): DebugSession =>
      new Receiving([]).stored({
        metadata: { ...at, name },
        spec: { topologyRef: { name }, trigger: { type: 'Alert' } } as DebugSession['spec'],
      });
    const other = { ...on('s8'), metadata: { ...on('s8').metadata, uid: 'other' } };
    const deps = { topologies: source, sessions: { on: (key: string) => (key === 'a/s8' ? [other] : []) } };
    const topology = maps[1];
    if (topology === undefined) throw new Error('no map');
    const snapshot = { session: on('s1'), topology, status: {}, uid: 'uid-0' };
    expect(alertSessionsAround(snapshot, deps as unknown as Dependencies)).toEqual([other]);
    expect(looked.referrers).toBeLessThanOrEqual(size);
    expect(looked.maps).toBeLessThan(3 * size);
  });
});

test('works that wait for a turn get one each', async () => {
  const clock = new RunningClock();
  const turns = new Turns(clock);
  const works = Array.from({ length: 8 }, async () => {
    const mine = turns.ofWork(signal);
    for (let part = 0; part < 20; part += 1) await mine();
  });
  const longest = await longestStretch(clock, () => Promise.all(works));
  expect(clock.looks).toBeGreaterThan(8 * 20);
  expect(longest).toBeLessThan(40);
});
