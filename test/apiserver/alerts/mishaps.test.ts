import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notesOf } from '../../../controller/api/alert-notes.ts';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { until } from '../../lab/parts/process.ts';
import { AlertWorld, type Replica } from './alert-world.ts';

/** Two that take alerts, of which one leads; nobody else stands for that lead. */
const candidate = `
leaderElection: {enabled: true, namespace: threehops-system, name: alert-replicas, leaseSeconds: 3, renewSeconds: 2, retrySeconds: 1}
`;

const isCreate = ({ method, path }: { method: string; path: string }): boolean =>
  method === 'POST' && path.endsWith('/debugsessions');

describe('what goes wrong while alerts are placed', () => {
  let world: AlertWorld;
  beforeAll(async () => {
    world = await AlertWorld.start('alert-mishaps');
  });
  afterAll(() => world.close());

  const knowing = async (replica: Replica, service: string): Promise<void> => {
    await until('the map to be known', async () => {
      const { code } = await world.send(replica, [world.alert(service)], 'x', world.tokens.get('stranger'));
      return code === 403 ? true : undefined;
    });
  };

  test('an operator that dies between the session and the answer: the next one answers for it, and there is one session', async () => {
    const first = await world.replica();
    const service = await world.map();
    await knowing(first, service);
    const alerts = [world.alert(service)];
    first.proxy.reset(undefined, (moment, request) => {
      // The session is stored; neither the operator nor who sent the alert hears of it.
      if (moment === 'after' && isCreate(request)) first.proxy.goDown();
    });
    const answer = world.send(first, alerts).catch(() => ({ code: 0, body: '' }));
    await until('the session', async () => ((await world.sessions(service)).length === 1 ? true : undefined));
    await first.stop();
    expect([0, 503]).toContain((await answer).code);
    const second = await world.replica();
    expect(await world.send(second, alerts)).toMatchObject({ code: 200, body: expect.stringContaining('repeated') });
    const [session, ...more] = await world.sessions(service);
    expect(more).toEqual([]);
    expect(session === undefined ? 0 : notesOf(session).size).toBe(1);
    await second.stop();
  });

  test('an answer that is lost: sent again it finds its session, though the cache has not seen it', async () => {
    const replica = await world.replica();
    const service = await world.map();
    await knowing(replica, service);
    const show = replica.proxy.holdWatches('debugsessions');
    replica.proxy.reset((request) => (isCreate(request) ? { kind: 'lost-answer' } : undefined));
    const alerts = [world.alert(service)];
    expect((await world.send(replica, alerts)).code).toBe(503);
    replica.proxy.reset();
    expect(await world.send(replica, alerts)).toMatchObject({ code: 200, body: expect.stringContaining('repeated') });
    expect(await world.sessions(service)).toHaveLength(1);
    show();
    await replica.stop();
  });

  test('two replicas that open a session each in one neighbourhood: the younger folds, and the other has all alerts', async () => {
    const replicas = await Promise.all([world.replica(candidate), world.replica(candidate)]);
    const [one, two] = replicas;
    const back = await world.map();
    const front = await world.map({}, [back]);
    for (const replica of replicas) await knowing(replica, front);
    const shows = replicas.map(({ proxy }) => proxy.holdWatches('debugsessions'));
    const alerts = [world.alert(back), world.alert(front)] as const;
    const bodies = await Promise.all([world.send(one, [alerts[0]], 'one'), world.send(two, [alerts[1]], 'two')]);
    expect(bodies.map(({ code, body }) => [code, body.includes('opened')])).toEqual([
      [200, true],
      [200, true],
    ]);
    expect(await world.sessions(back, front)).toHaveLength(2);
    for (const show of shows) show();
    const sessions = await until('the fold', async () => {
      const all = await world.sessions(back, front);
      return all.some(({ status }) => status?.outcome === 'Duplicate') ? all : undefined;
    });
    const folded = ({ status }: DebugSession): boolean => status?.outcome === 'Duplicate';
    expect(sessions.filter(folded)).toHaveLength(1);
    const other = sessions.find((session) => !folded(session));
    const noted = other === undefined ? [] : [...notesOf(other).keys()];
    expect(noted.toSorted()).toEqual(alerts.map(({ fingerprint }) => fingerprint).toSorted());
    for (const replica of replicas) {
      const again = await until('the cache to know of the fold', async () => {
        const { body } = await world.send(replica, alerts, 'three');
        return body.includes('opened') ? undefined : body;
      });
      expect(again).toContain('repeated');
    }
    expect(await world.sessions(back, front)).toHaveLength(2);
    await Promise.all(replicas.map((replica) => replica.stop()));
  });
});
