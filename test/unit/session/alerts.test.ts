import { describe, expect, test } from 'vitest';
import { notePrefix, notesOf } from '../../../controller/api/alert-notes.ts';
import type { DebugSession, ServiceTopology } from '../../../controller/api/kinds.ts';
import { reconcileSession } from '../../../controller/session/reconcile.ts';
import { sourceOf, storeOf } from '../../helpers/maps.ts';
import { smallMemory, shopTopology } from '../../helpers/session/shop.ts';
import type { SessionWorld } from '../../helpers/session-world.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();
const { signal } = new AbortController();
const trigger = { type: 'Alert', groupKey: 'g', reportedBy: 'am' } as const;

const note = (more: object = {}): string =>
  JSON.stringify({
    status: 'firing',
    startsAt: '2026-01-02T03:00:00.000Z',
    service: 'shop',
    alertname: 'HighErrors',
    notedAt: '2026-01-02T03:01:00.000Z',
    ...more,
  });

/** Maps around the shop: who calls it, one that has nothing to do with it, and one behind a map that is shared with nobody. */
function around(): readonly ServiceTopology[] {
  const shop = shopTopology();
  const named = (name: string, downstream: ServiceTopology['spec']['downstream'] = []): ServiceTopology => ({
    ...shop,
    metadata: { ...shop.metadata, name, uid: name },
    spec: { service: name, downstream },
  });
  const toShop = { name: 'shop', type: 'http', skill: 'http-health', topologyRef: { name: 'shop' } };
  const toMid = { ...toShop, name: 'mid', topologyRef: { name: 'mid', namespace: 'shut' } };
  const mid = named('mid', [{ ...toShop, topologyRef: { name: 'shop', namespace: 'default' } }]);
  const shut = { ...mid, metadata: { ...mid.metadata, namespace: 'shut' } };
  return [shop, named('front', [toShop]), named('news'), named('far', [toMid]), shut];
}

describe('sessions that alerts opened', () => {
  function worldWith(topology: string, spec: Partial<DebugSession['spec']> = {}, metadata = {}) {
    const source = sourceOf(storeOf(around()));
    const world = newWorld({ story: smallMemory, spec: { trigger }, replace: () => ({ topologies: source }) });
    world.api.annotate(world.key, { [`${notePrefix}aa`]: note() });
    world.api.createSession(
      'older',
      { ...world.session.spec, topologyRef: { name: topology }, ...spec },
      { creationTimestamp: '2026-01-02T03:01:00Z', annotations: { [`${notePrefix}bb`]: note() }, ...metadata },
    );
    return world;
  }
  const look = (world: SessionWorld) => reconcileSession(world.session, world.deps, signal);
  const older = (world: SessionWorld): DebugSession => {
    const session = world.api.session('default/older');
    if (session === undefined) throw new Error('it is gone');
    return session;
  };

  test('on maps around one another fold into the older one, which is told of the alerts', async () => {
    const world = worldWith('front', { mode: 'Diagnose' });
    await look(world);
    expect(world.status).toMatchObject({ phase: 'Succeeded', outcome: 'Duplicate' });
    expect([...notesOf(older(world)).keys()].toSorted()).toEqual(['aa', 'bb']);
    expect(older(world).status).toBeUndefined();
  });

  test('do so as well where the operator died after it had told the other one', async () => {
    const world = worldWith('front');
    let deaths = 0;
    world.hazard.plan = ({ what }) => (what === 'alert notes' && (deaths += 1) === 1 ? 'die after' : undefined);
    const versions = new Set<string>();
    await world.until('the end', () => {
      versions.add(older(world).metadata.resourceVersion);
      return world.status.outcome === 'Duplicate';
    });
    expect([...notesOf(older(world)).keys()].toSorted()).toEqual(['aa', 'bb']);
    expect({ deaths, lives: world.lives, versions: versions.size }).toEqual({ deaths: 1, lives: 2, versions: 2 });
  });

  test.each([
    ['on a map that has nothing to do with it', 'news', {}, {}],
    ['on a map behind one that it may not see', 'far', {}, {}],
    ['that somebody asked for', 'front', { trigger: { type: 'Manual' as const } }, {}],
    ['of long ago', 'front', {}, { creationTimestamp: '2026-01-02T02:00:00Z' }],
    ['that is cancelled', 'front', { cancel: true }, {}],
  ])('leave one alone %s', async (_, topology, spec, metadata) => {
    const world = worldWith(topology, spec, metadata);
    await look(world);
    expect(world.status.phase).toBe('Sweeping');
    expect([...notesOf(older(world)).keys()]).toEqual(['bb']);
  });

  test('and one that somebody asked for on the same map is told as well', async () => {
    const world = worldWith('shop', { trigger: { type: 'Manual' } });
    await look(world);
    expect(world.status.outcome).toBe('Duplicate');
    expect([...notesOf(older(world)).keys()].toSorted()).toEqual(['aa', 'bb']);
  });
});

describe('the alerts of a session that verifies', () => {
  const resolvedAt = (world: SessionWorld, seconds: number, more: object = {}): string =>
    note({
      ...more,
      status: 'resolved',
      endsAt: new Date(world.clock.now().getTime() + seconds * 1000).toISOString(),
    });
  const said = (world: SessionWorld) =>
    world.status.verification?.checks?.find(({ name }) => name === 'alerts resolved');

  test('speak for the fix when they have resolved since the act, and the report names them', async () => {
    const world = newWorld({ story: smallMemory, spec: { trigger } });
    world.api.annotate(world.key, {
      [`${notePrefix}aa`]: note(),
      [`${notePrefix}bb`]: note({ alertname: 'Slow_Pages' }),
    });
    await world.untilPhase('Verifying');
    world.api.annotate(world.key, {
      [`${notePrefix}aa`]: resolvedAt(world, 1),
      [`${notePrefix}bb`]: resolvedAt(world, -3600, { alertname: 'Slow_Pages' }),
    });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(said(world)).toMatchObject({
      verdict: 'Pass',
      summary: '2 of 2 alerts have resolved, 1 of them since the act',
    });
    const body = world.outside.repository.pulls[0]?.body ?? '';
    expect(body).toContain('| HighErrors | shop | 2026-01-02T03:00:00.000Z |');
    expect(body).toContain('Slow\\_Pages');
  });

  test.each([
    ['fire still', (): string => note(), '0 of 1 alerts have resolved, 0 of them since the act'],
    [
      'had resolved before',
      (world: SessionWorld): string => resolvedAt(world, -3600),
      '1 of 1 alerts have resolved, 0 of them since the act',
    ],
  ])('neither fail it nor leave it open when they %s', async (_, text, summary) => {
    const world = newWorld({ story: smallMemory, spec: { trigger } });
    world.api.annotate(world.key, { [`${notePrefix}aa`]: text(world) });
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', iteration: 1 });
    expect(said(world)).toMatchObject({ verdict: 'NotRun', summary });
  });

  test('are not looked for where there are none', async () => {
    const world = newWorld({ story: smallMemory });
    await world.untilEnd();
    expect(world.status.verification?.checks?.length).toBeGreaterThan(0);
    expect(said(world)).toBeUndefined();
  });
});
