import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noteOf, notesOf } from '../../../controller/api/alert-notes.ts';
import { answers } from '../../helpers/fault-plan.ts';
import { post, sentWebhook } from '../../helpers/webhook.ts';
import { until } from '../../lab/parts/process.ts';
import { AlertWorld, type Replica } from './alert-world.ts';

describe('alerts on a real API server', () => {
  let world: AlertWorld;
  let replica: Replica;
  beforeAll(async () => {
    world = await AlertWorld.start('alerts');
    replica = await world.replica();
  });
  afterEach(() => replica.proxy.reset());
  afterAll(async () => {
    await replica.stop();
    await world.close();
  });

  test('an alert opens a session that says where it came from, and sent again changes nothing', async () => {
    const service = await world.map({ mode: 'Diagnose' });
    const alert = world.alert(service, { startsAt: '2026-01-02T03:04:05.123456789Z' });
    expect(await world.sent(replica, [alert])).toMatchObject({ code: 200, body: expect.stringContaining('opened') });
    const [session] = await world.sessions(service);
    expect(session?.spec).toMatchObject({
      mode: 'Diagnose',
      reasoner: 'Causal',
      createdBy: 'system:serviceaccount:threehops-system:threehops',
      trigger: { type: 'Alert', reportedBy: 'system:serviceaccount:alerts:sender' },
      symptom: {
        description: `HighErrors: ${service} fails`,
        since: '2026-01-02T03:04:05.123Z',
        labels: alert.labels,
        annotations: alert.annotations,
        generatorURL: alert.generatorURL,
        fingerprint: alert.fingerprint,
      },
    });
    replica.proxy.reset();
    for (let i = 0; i < 3; i += 1) {
      expect(await world.send(replica, [alert])).toMatchObject({
        code: 200,
        body: expect.stringContaining('repeated'),
      });
    }
    const written = replica.proxy.seen.filter(({ isWrite, path }) => isWrite && path.includes('/debugsessions'));
    expect(written.filter(({ path }) => !path.endsWith('/status'))).toEqual([]);
    expect(await world.sessions(service)).toHaveLength(1);
  });

  test('another alert around joins the session, and its end is noted on it', async () => {
    const back = await world.map();
    const front = await world.map({}, [back]);
    const [first, second] = [world.alert(back), world.alert(front)];
    await world.sent(replica, [first], 'one');
    expect((await world.sent(replica, [second], 'two')).body).toContain('joined');
    const gone = { ...second, status: 'resolved', endsAt: new Date().toISOString() } as const;
    expect((await world.send(replica, [gone], 'two')).body).toContain('resolved');
    const [session, ...more] = await world.sessions(back, front);
    expect(more).toEqual([]);
    if (session === undefined) throw new Error('there is no session');
    expect(session.spec.topologyRef.name).toBe(back);
    expect(noteOf(session, first.fingerprint)).toMatchObject({ status: 'firing', service: back });
    expect(noteOf(session, second.fingerprint)).toMatchObject({
      status: 'resolved',
      service: front,
      endsAt: gone.endsAt,
    });
  });

  test('after its end a session decays, and then another one opens', async () => {
    const service = await world.map({ decaySeconds: 6, windowSeconds: 0 });
    await world.sent(replica, [world.alert(service)]);
    const [session] = await world.sessions(service);
    if (session === undefined) throw new Error('there is no session');
    await world.cancel(session);
    const later = {
      ...world.alert(service),
      fingerprint: 'abcdef',
      startsAt: new Date(Date.now() + 60_000).toISOString(),
    };
    // Of one that is to be cancelled, and has not ended, an alert is not held.
    await world.caughtUp();
    expect((await world.send(replica, [later])).body).toContain('decaying');
    expect(await world.sessions(service)).toHaveLength(1);
    await until('the decay to be over', async () =>
      (await world.send(replica, [later])).body.includes('opened') ? true : undefined,
    );
    expect(await world.sessions(service)).toHaveLength(2);
  });

  test('more alerts than are noted one by one are counted, once each, also by two at a time', async () => {
    const service = await world.map();
    const alerts = Array.from({ length: 120 }, (_, i) => ({
      ...world.alert(service),
      fingerprint: `f${i.toString(16)}`,
    }));
    await world.sent(replica, alerts.slice(0, 10));
    const parts = [alerts.slice(0, 70), alerts.slice(50, 120), alerts];
    const codes = await Promise.all(parts.map((part, i) => world.send(replica, part, `group ${i}`)));
    expect(codes.map(({ code }) => code)).toEqual([200, 200, 200]);
    const [session, ...more] = await world.sessions(service);
    if (session === undefined) throw new Error('there is no session');
    expect(more).toEqual([]);
    expect(notesOf(session).size).toBe(50);
    expect(session.metadata.annotations?.['alerts.threehops.dev/more']).toContain('"count":70');
  });

  describe('the codes', () => {
    const webhook = async () => JSON.stringify(sentWebhook([world.alert(await world.map())]));

    test('200 where no map matches; nothing is opened', async () => {
      expect((await world.send(replica, [world.alert('nobody')])).code).toBe(200);
      expect(await world.sessions('nobody')).toEqual([]);
    });

    test('400 for rubbish, 401 for a token that is none, or meant for somebody else', async () => {
      const token = world.tokens.get('sender');
      expect((await post(replica.url, '{"version":"3"}', { token })).code).toBe(400);
      expect((await post(replica.url, await webhook(), {})).code).toBe(401);
      expect((await post(replica.url, await webhook(), { token: `${token}x` })).code).toBe(401);
      const foreign = await world.tokenOf('sender', ['--audience', 'somebody-else']);
      expect((await post(replica.url, await webhook(), { token: foreign })).code).toBe(401);
    });

    test('403 for somebody who may open no session there, and then there is none', async () => {
      const service = await world.map();
      await until('the map to be known', async () => {
        const { code } = await world.send(replica, [world.alert(service)], 'x', world.tokens.get('stranger'));
        return code === 403 ? true : undefined;
      });
      expect(await world.sessions(service)).toEqual([]);
    });

    test('413 for a body that is too large', async () => {
      const token = world.tokens.get('sender');
      expect((await post(replica.url, 'x'.repeat(2 ** 20 + 1), { token })).code).toBe(413);
    });

    test.each(['tokenreviews', 'subjectaccessreviews', 'debugsessions'])(
      '503 while the cluster does not answer for %s, and 200 after it',
      async (plural) => {
        const service = await world.map();
        const alerts = [world.alert(service)];
        await until('the map to be known', async () => {
          const { code } = await world.send(replica, alerts, 'x', world.tokens.get('stranger'));
          return code === 403 ? true : undefined;
        });
        // Nobody has shown this one yet: what was said of others is remembered.
        const token = await world.tokenOf('sender');
        replica.proxy.reset(({ isWrite, path }) =>
          isWrite && path.endsWith(`/${plural}`) ? answers.internalError : undefined,
        );
        expect((await world.send(replica, alerts, 'g', token)).code).toBe(503);
        expect(await world.sessions(service)).toEqual([]);
        replica.proxy.reset();
        expect((await world.send(replica, alerts, 'g', token)).code).toBe(200);
        expect(await world.sessions(service)).toHaveLength(1);
      },
    );

    test('503 where the operator may not create sessions', async () => {
      const bare = await AlertWorld.start('alerts-bare');
      const remove = ['delete', 'rolebinding', 'threehops-alert-receiver', '-n', 'alerts-bare'];
      await bare.on.cluster.kubectl(remove);
      const service = await bare.map();
      await until('the refusal', async () =>
        (await bare.send(replica, [bare.alert(service)])).code === 503 ? true : undefined,
      );
      expect(await bare.sessions(service)).toEqual([]);
      await bare.close();
    });
  });

  test('a token for the audience that the configuration names is taken, and no other', async () => {
    const token = await world.tokenOf('sender', ['--audience', 'threehops']);
    const choosy = await world.replica('alerts: {audience: threehops}', token);
    try {
      const alerts = [world.alert(await world.map())];
      expect((await world.send(choosy, alerts)).code).toBe(401);
      expect((await world.send(choosy, alerts, 'g', token)).code).toBe(200);
      expect((await world.send(replica, alerts, 'g', token)).code).toBe(401);
    } finally {
      await choosy.stop();
    }
  });
});
