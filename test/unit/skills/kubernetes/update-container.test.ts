import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { systemClock } from '../../../../controller/kube/clock.ts';
import { updateContainer } from '../../../../skills/kubernetes/actions/update-container.ts';
import { contextOf, deployment, replicaSet, ScriptedCluster } from './scripted-cluster.ts';

/** What a person looks at first, of a Deployment whose revision before had another host. */
async function strangers(given: JsonObject): Promise<readonly string[]> {
  const cluster = new ScriptedCluster();
  const env = (value: string) => ({ container: { env: [{ name: 'HOST', value }] } });
  cluster.objects['Deployment'] = [deployment(env('bd'), {})];
  cluster.objects['ReplicaSet'] = [replicaSet(1, 1, env('db')), replicaSet(2, 10, env('bd'))];
  const { node, signal } = contextOf(cluster);
  const readFile = () => Promise.resolve(undefined);
  const context = { node, tools: cluster, clock: systemClock, signal, readFile, manifestPaths: [] };
  const { unfamiliar = [], diff } = await updateContainer.render(context, given);
  for (const one of unfamiliar) expect(diff).toContain(`# ${one}: a person looks first`);
  return unfamiliar;
}

it('a person is asked where an image or a value comes from nowhere, and not where a revision had it', async () => {
  expect(await strangers({ environment: [{ name: 'HOST', value: 'db' }] })).toEqual([]);
  expect(await strangers({ memory: 512 })).toEqual([]);
  expect(await strangers({ environment: [{ name: 'HOST', value: 'attacker.example' }] })).toEqual([
    'HOST has never had this value here',
  ]);
  expect(await strangers({ image: 'attacker.example/shop:1' })).toHaveLength(1);
});
