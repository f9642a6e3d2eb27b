import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KubeClient } from '../../../controller/kube/client.ts';
import { loadKubeConfig } from '../../../controller/kube/kube-config.ts';
import { programOf } from '../../bench/reconcile/contestants.ts';
import { rehearse, rehearsed } from '../../bench/reconcile/rehearse.ts';
import { requestsServed, since } from '../../bench/reconcile/server-count.ts';
import { installCrds, World } from '../../bench/reconcile/world.ts';
import { startControlPlane, type ControlPlane } from '../../lab/cluster/control-plane.ts';
import { memoryFolder } from '../../lab/cluster/memory-folder.ts';

// One of its own: this operator works on every session of the cluster.
const dataDir = memoryFolder('bench-test');
const { signal } = new AbortController();
let cluster: ControlPlane;
let world: World;

beforeAll(async () => {
  cluster = await startControlPlane({ dataDir, signal, progress: () => undefined });
  await installCrds(cluster);
  world = new World(new KubeClient(await loadKubeConfig(cluster.kubeconfigPath)));
});

afterAll(async () => {
  await world.client.close();
  await cluster.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('a session costs eight status writes to Verifying, a live read and its finalizer, and no other request', async () => {
  await world.createMaps(rehearsed, signal);
  const before = await requestsServed(world.client, signal);
  const place = { kubeconfigPath: cluster.kubeconfigPath, reference: '', statusesFile: '' };
  const statuses = await rehearse(world, programOf('operator', rehearsed, place), signal);
  expect(statuses.map(({ phase, locks, intents = [] }) => [phase, locks?.length ?? 0, intents[0]?.state])).toEqual([
    ['Sweeping', 0, undefined],
    ['Diagnosing', 0, undefined],
    ['Planning', 0, undefined],
    ['Acting', 0, undefined],
    ['Acting', 2, undefined],
    ['Acting', 2, 'Pending'],
    ['Acting', 2, 'Succeeded'],
    ['Verifying', 2, 'Succeeded'],
  ]);
  // The world makes, lists and deletes the sessions; both watch them.
  const besides = ['POST 201', 'LIST 200', 'DELETE 200', 'WATCH 200'];
  const requests = since(before, await requestsServed(world.client, signal));
  const ofOperator = Object.entries(requests).filter(([request]) => !besides.includes(request));
  expect(Object.fromEntries(ofOperator)).toEqual({
    'PUT/status 200': 8 * rehearsed,
    'GET 200': rehearsed,
    // Its own and that with which the sessions are let go afterwards.
    'PATCH 200': 2 * rehearsed,
  });
  expect(await world.sessions(signal)).toEqual([]);
});
