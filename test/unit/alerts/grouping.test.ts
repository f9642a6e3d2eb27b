import { describe, expect, test } from 'vitest';
import { notesOf } from '../../../controller/api/alert-notes.ts';
import { crdCheck } from '../../helpers/session/crd-schema.ts';
import { mapNamed } from '../../helpers/maps.ts';
import { Receiving } from './receiving.ts';

/** shop -> pay -> db, and news by itself. */
const maps = (alerts = {}) => [
  mapNamed('shop', { refersTo: ['pay'], alerts }),
  mapNamed('pay', { refersTo: ['db'], alerts }),
  mapNamed('db', { alerts }),
  mapNamed('news', { alerts }),
];
const minutes = 60_000;

describe('alerts of one request', () => {
  test('open one session for each neighbourhood, on the map whose alert began first', async () => {
    const world = new Receiving(maps());
    const alerts = [world.alert('shop', 20), world.alert('db', 5), world.alert('pay', 10), world.alert('news', 30)];
    expect(await world.send(alerts)).toEqual(['joined', 'opened', 'joined', 'opened']);
    expect(world.writes).toEqual(['create db', 'create news']);
    expect(notesOf(world.on('db')).size).toBe(3);
    expect(world.all.flatMap((session) => crdCheck('debugsessions')(session))).toEqual([]);
  });

  test('that began at one moment: by name', async () => {
    const world = new Receiving(maps());
    await world.send([world.alert('shop'), world.alert('pay')]);
    expect(world.writes).toEqual(['create pay']);
  });

  test('that match nothing are told, and open nothing', async () => {
    const world = new Receiving(maps());
    expect(await world.send([world.alert('nobody'), world.alert('shop')])).toEqual(['unmatched', 'opened']);
  });

  test('of a namespace where the sender may open none are refused, the others are served', async () => {
    const world = new Receiving([mapNamed('shop'), mapNamed('other', { namespace: 'c' })]);
    expect(await world.send([world.alert('shop'), world.alert('other')])).toEqual(['opened', 'forbidden']);
    expect(world.writes).toEqual(['create shop']);
  });

  test('that fail in one neighbourhood are stored in the other, and then it throws', async () => {
    const world = new Receiving(maps());
    world.onWrite = (_, name) => {
      if (name.startsWith('db')) throw new Error('not here');
    };
    await expect(world.send([world.alert('db'), world.alert('news', 5)])).rejects.toThrow(AggregateError);
    expect(world.writes).toEqual(['create news']);
    world.onWrite = () => undefined;
    expect(await world.send([world.alert('db'), world.alert('news', 5)])).toEqual(['opened', 'repeated']);
    expect(world.writes).toEqual(['create news', 'create db']);
  });

  test('keep their secrets out of the session', async () => {
    const world = new Receiving(maps());
    const secret = ['hunter', '2', 'hunter'].join('');
    const alert = world.alert('shop', 0, {
      annotations: { summary: `password=${secret} does not work` },
      generatorURL: `http://user:${secret}@prometheus.example.com/graph`,
    });
    await world.send([{ ...alert, labels: { ...alert.labels, api_token: secret } }]);
    expect(JSON.stringify(world.all)).not.toContain(secret);
    expect(world.on('shop').spec.symptom?.labels?.['service']).toBe('shop');
  });

  test('of any size make a session that the API server takes', async () => {
    const world = new Receiving(maps());
    const long = 'x'.repeat(5000);
    const labels = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`label${i}`, long]));
    const alert = world.alert('shop', 0, { annotations: { summary: long, ...labels }, generatorURL: `http://${long}` });
    await world.send([{ ...alert, labels: { ...labels, [long]: 'x', service: 'shop', alertname: long } }], long);
    expect(crdCheck('debugsessions')(world.on('shop'))).toEqual([]);
  });
});

describe('later alerts', () => {
  test('of the neighbourhood join what is open, however old it is; those of another do not', async () => {
    const world = new Receiving(maps());
    await world.send([world.alert('pay')]);
    await world.clock.advance(60 * minutes);
    const late = [world.alert('shop', 3600), world.alert('news', 3600)];
    expect(await world.send(late, 'another')).toEqual(['joined', 'opened']);
    expect(world.writes).toEqual(['create pay', 'note pay', 'create news']);
  });

  test('that are the same change nothing, whatever group they come in', async () => {
    const world = new Receiving(maps());
    await world.send([world.alert('pay'), world.alert('db')]);
    expect(await world.send([world.alert('pay'), world.alert('db')])).toEqual(['repeated', 'repeated']);
    expect(await world.send([world.alert('db')], 'another')).toEqual(['repeated']);
    expect(world.writes).toEqual(['create db']);
  });

  test('are noted while the session decays, and open one after that if they still fire', async () => {
    const world = new Receiving(maps());
    await world.send([world.alert('pay')]);
    await world.clock.advance(20 * minutes);
    world.end(world.on('pay'));
    await world.clock.advance(9 * minutes);
    const alert = world.alert('shop', 29 * 60);
    expect(await world.send([alert])).toEqual(['decaying']);
    await world.clock.advance(2 * minutes);
    expect(await world.send([world.alert('pay')])).toEqual(['repeated']);
    expect(await world.send([alert])).toEqual(['opened']);
    expect(world.writes).toEqual(['create pay', 'note pay', 'create shop']);
  });

  test('that began about when the first did belong to it, also after its end', async () => {
    const world = new Receiving(maps({ decaySeconds: 0 }));
    await world.send([world.alert('pay')]);
    await world.clock.advance(minutes);
    world.end(world.on('pay'));
    await world.clock.advance(minutes);
    expect(await world.send([world.alert('shop', 299), world.alert('shop', 301, { pod: '2' })])).toEqual([
      'joined',
      'opened',
    ]);
  });

  test.each([
    ['a duplicate', { outcome: 'Duplicate' }, {}],
    ['being deleted', {}, { deletionTimestamp: '2026-01-02T03:06:00Z' }],
    ['restored from a backup', { uid: 'another' }, {}],
  ] as const)('do not join a session that is %s', async (_, status, metadata) => {
    const world = new Receiving(maps());
    await world.send([world.alert('pay')]);
    const session = world.on('pay');
    world.put({
      ...session,
      metadata: { ...session.metadata, ...metadata },
      status: { phase: 'Succeeded', ...status },
    });
    expect(await world.send([world.alert('shop', 1)])).toEqual(['opened']);
  });

  test('join a session that somebody asked for only where it took over alerts', async () => {
    const world = new Receiving(maps());
    await world.send([world.alert('pay')]);
    const { spec, metadata } = world.on('pay');
    world.sessions.clear();
    const manual = { ...spec, trigger: { type: 'Manual' as const } };
    world.put({ ...world.stored({ metadata: { ...metadata, annotations: {} }, spec: manual }) });
    expect(await world.send([world.alert('db', 1)])).toEqual(['opened']);
    world.sessions.clear();
    world.put({ ...world.stored({ metadata, spec: manual }) });
    expect(await world.send([world.alert('db', 2)])).toEqual(['joined']);
  });

  test('join a session of another namespace only if the sender may open one there', async () => {
    const shared = [{ namespace: 'b', access: 'Findings' as const }];
    for (const allowed of [true, false]) {
      const world = new Receiving([
        mapNamed('shop', { sharedWith: shared }),
        mapNamed('front', { namespace: 'b', refersTo: ['a/shop'] }),
      ]);
      await world.send([world.alert('front')]);
      if (!allowed) world.allowed.delete('b');
      expect(await world.send([world.alert('shop', 1)])).toEqual([allowed ? 'joined' : 'opened']);
    }
  });
});

describe('resolved alerts', () => {
  test('are noted where they are known, and open nothing', async () => {
    const world = new Receiving(maps());
    const gone = { status: 'resolved', endsAt: '2026-01-02T03:20:00Z' } as const;
    expect(await world.send([world.alert('pay', 0, gone)])).toEqual(['untracked']);
    await world.send([world.alert('pay'), world.alert('db', 1)]);
    expect(await world.send([world.alert('pay', 0, gone)])).toEqual(['resolved']);
    const notes = [...notesOf(world.on('pay')).values()].map(({ status, service }) => `${service} ${status}`);
    expect(notes.toSorted()).toEqual(['db firing', 'pay resolved']);
    expect(await world.send([world.alert('pay', 0, gone)])).toEqual(['resolved']);
    expect(world.writes).toEqual(['create pay', 'note pay']);
  });

  test('beside repeats of a session that ended long ago open none', async () => {
    const world = new Receiving(maps());
    await world.send([world.alert('pay'), world.alert('db', 1)]);
    await world.clock.advance(minutes);
    world.end(world.on('pay'));
    await world.clock.advance(120 * minutes);
    const gone = { status: 'resolved', endsAt: '2026-01-02T05:00:00Z' } as const;
    expect(await world.send([world.alert('pay'), world.alert('db', 1, gone)])).toEqual(['repeated', 'resolved']);
    expect(world.all).toHaveLength(1);
  });
});

describe('what changes while alerts are placed', () => {
  test('a session that ended meanwhile, and does not decay, holds them no more', async () => {
    const world = new Receiving(maps({ decaySeconds: 0, windowSeconds: 0 }));
    await world.send([world.alert('pay')]);
    world.onWrite = (what) => {
      if (what === 'note') world.end(world.on('pay'));
    };
    expect(await world.send([world.alert('shop', 20), world.alert('pay')])).toEqual(['opened', 'repeated']);
    expect(world.writes).toEqual(['create pay', 'note pay', 'create shop']);
  });

  test('a session that became a duplicate hands them to the other one', async () => {
    const world = new Receiving(maps());
    await world.send([world.alert('pay')]);
    const other = world.on('pay');
    const { metadata, spec } = other;
    world.onWrite = (what) => {
      if (what !== 'note' || world.all.length > 1) return;
      world.end(other, { outcome: 'Duplicate' });
      world.put({
        ...world.stored({ metadata: { ...metadata, name: 'winner' }, spec: { ...spec, topologyRef: { name: 'db' } } }),
      });
    };
    expect(await world.send([world.alert('shop', 20)])).toEqual(['joined']);
    expect(world.writes).toEqual(['create pay', 'note pay', 'note db']);
  });

  test('a session that is gone is opened anew', async () => {
    const world = new Receiving(maps());
    await world.send([world.alert('pay')]);
    world.onWrite = (what) => void (what === 'note' && world.sessions.clear());
    expect(await world.send([world.alert('pay'), world.alert('shop', 20)])).toEqual(['opened', 'joined']);
    expect(world.writes).toEqual(['create pay', 'create pay']);
  });

  test('a name that is taken by what no alert can join does not keep an alert from its session', async () => {
    const world = new Receiving(maps());
    await world.send([world.alert('pay')]);
    const session = world.on('pay');
    world.put({
      ...session,
      spec: { ...session.spec, trigger: { type: 'Manual' } },
      metadata: { ...session.metadata, annotations: {} },
    });
    expect(await world.send([world.alert('pay')])).toEqual(['opened']);
    // The same again has the same name: a retry opens nothing.
    expect(await world.send([world.alert('pay')])).toEqual(['repeated']);
    expect(world.all).toHaveLength(2);
  });

  test.each([
    ['suspended', { suspend: true }],
    ['cancelled', { cancel: true }],
  ])('a session that is %s keeps the alert that it has, and gets no other', async (_, change) => {
    const world = new Receiving(maps());
    await world.send([world.alert('pay')]);
    const session = world.on('pay');
    world.put({ ...session, spec: { ...session.spec, ...change } });
    expect(await world.send([world.alert('pay')])).toEqual(['repeated']);
    expect(await world.send([world.alert('pay', 1, { pod: 'other' })], 'another group')).toEqual(['opened']);
  });

  test('requests for one neighbourhood at once open one session', async () => {
    const world = new Receiving(maps());
    const groups = ['shop', 'pay', 'db', 'shop', 'db'].map((name, i) =>
      world.send([world.alert(name, i, { pod: `${i}` })], `group ${i}`),
    );
    const results = (await Promise.all(groups)).flat();
    expect(results.filter((result) => result === 'opened')).toHaveLength(1);
    expect(world.all).toHaveLength(1);
    expect(notesOf(world.all[0] ?? world.on('shop')).size).toBe(5);
  });
});
