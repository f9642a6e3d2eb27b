import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resource } from '../../../controller/kube/resource.ts';
import type { KubeObject } from '../../../controller/kube/object.ts';
import { kstatusOf } from '../../helpers/kstatus.ts';
import { until } from '../../lab/parts/process.ts';
import { forever, mapsOf, sessionDraft, sessionsOf, type Installed } from '../session/installed.ts';
import { operated } from './operated.ts';

interface Told extends KubeObject {
  readonly reason?: string;
  readonly note?: string;
  readonly regarding?: { readonly name?: string; readonly kind?: string };
}
const events = resource<Told>('events.k8s.io', 'v1', 'events', 'Event');

describe('drift on a real API server', () => {
  let on: Installed;
  beforeAll(async () => {
    on = await operated('drift');
  });
  afterAll(() => on.close());

  const key = () => ({ namespace: on.namespace, name: 'shop' });
  const driftOf = async () => {
    const map = await mapsOf(on.admin).get(key(), forever);
    return { map, drifted: map.status?.conditions?.find(({ type }) => type === 'Drifted') };
  };
  const told = async (reason: string) => {
    const { items } = await on.admin.client.resource(events).list({ namespace: on.namespace }, forever);
    return items.find((one) => one.reason === reason && one.regarding?.kind === 'ServiceTopology');
  };

  test('is a condition and an event of the map while it lasts; the map is as Ready as before', async () => {
    const page = { name: 'page', type: 'http', skill: 'http-health', with: { url: 'http://127.0.0.1:9/' } };
    await mapsOf(on.dana).create({ metadata: key(), spec: { service: 'shop', self: [page] } }, forever);
    // A session that has swept, as an operator before this one left it.
    const draft = sessionDraft(on.namespace, 'swept', {
      topologyRef: { name: 'shop' },
      mode: 'Diagnose',
      suspend: true,
    });
    const session = await sessionsOf(on.dana).create(draft, forever);
    const status = {
      uid: session.metadata.uid,
      phase: 'Diagnosing',
      sweep: {
        startedAt: '2026-01-01T00:00:00Z',
        endedAt: '2026-01-01T00:00:01Z',
        nodes: [{ node: 'shop/page', health: 'Healthy' }],
        undeclared: [{ node: 'shop/page', name: 'mail.partner.io:587', role: 'Called', summary: 'seen' }],
      },
    } as const;
    await until('the session to have that status', async () => {
      const live = await sessionsOf(on.admin).get({ ...key(), name: 'swept' }, forever);
      await sessionsOf(on.operator)
        .replaceStatus({ ...live, status: { ...live.status, ...status } as never }, forever)
        .catch(() => undefined);
      const after = await sessionsOf(on.admin).get({ ...key(), name: 'swept' }, forever);
      return after.status?.sweep?.undeclared === undefined ? undefined : true;
    });
    const { map } = await until('the condition', async () => {
      const found = await driftOf();
      return found.drifted === undefined ? undefined : found;
    });
    expect(map.status?.conditions).toMatchObject([
      { type: 'Ready', status: 'True' },
      {
        type: 'Drifted',
        status: 'True',
        reason: 'UndeclaredDependencies',
        message: 'seen and on no map: mail.partner.io:587 (called, by shop/page)',
      },
    ]);
    expect(kstatusOf(map)).toBe('Current');
    expect((await until('the event', () => told('Drifted'))).note).toContain('mail.partner.io:587');

    const mail = { name: 'mail', type: 'http', skill: 'http-health', with: { url: 'http://mail.partner.io:587/' } };
    await mapsOf(on.dana).patch(key(), { type: 'merge', body: { spec: { downstream: [mail] } } }, forever);
    await until('the condition to be gone', async () => ((await driftOf()).drifted === undefined ? true : undefined));
    await until('the event', () => told('DriftEnded'));
  });
});
