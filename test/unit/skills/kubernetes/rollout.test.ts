import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { rollout } from '../../../../skills/kubernetes/rollout.ts';
import { contextOf, deployment, ScriptedCluster } from './scripted-cluster.ts';

it.each([
  ['the first container', {}, ['0123456']],
  ['the one that the map names', { container: 'proxy' }, ['1.29']],
])('what runs is that of %s, whatever its sidecars are', async (_what, more, versions) => {
  const cluster = new ScriptedCluster();
  const containers: JsonObject[] = [
    { name: 'shop', image: 'registry.test/shop:0123456' },
    { name: 'proxy', image: 'registry.test/proxy:1.29' },
  ];
  cluster.objects['Deployment'] = [deployment({}, {}, { template: { spec: { containers } } })];
  expect((await rollout(contextOf(cluster, more))).versions).toEqual(versions);
});
