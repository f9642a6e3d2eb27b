import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { systemClock } from '../../../../controller/kube/clock.ts';
import { undoRollout } from '../../../../skills/kubernetes/actions/undo-rollout.ts';
import { patchOf } from '../../../../skills/kubernetes/server/patch.ts';
import {
  type ContainerInput,
  contextOf,
  deployment,
  replicaSet,
  ScriptedCluster,
  template,
} from './scripted-cluster.ts';

const before: ContainerInput = { pod: { nodeSelector: { pool: 'small' } }, container: { command: ['serve'] } };
const after: ContainerInput = { memory: '64Mi', pod: { nodeSelector: { pool: 's3cret' } } };

/** Of the plan, without its heading. */
async function linesOf(now: ContainerInput): Promise<readonly string[]> {
  const cluster = new ScriptedCluster();
  cluster.objects['Deployment'] = [deployment(now, {})];
  cluster.objects['ReplicaSet'] = [replicaSet(1, 1, before), replicaSet(2, 10, now)];
  const { node, signal } = contextOf(cluster);
  const readFile = () => Promise.resolve(undefined);
  const context = { node, tools: cluster, clock: systemClock, signal, readFile, manifestPaths: [] };
  return (await undoRollout.render(context, {})).diff.split('\n').slice(3);
}

it('the plan of going back tells all that differs, without what stands there', async () => {
  expect(await linesOf(after)).toEqual([
    '  container shop: memory 64 -> 128 MiB',
    '  spec.containers[shop].command',
    '  spec.nodeSelector.pool',
    '# in no file: until it is changed where it came from, the next deploy brings it again',
  ]);
  expect(await linesOf({ ...before, memory: '64Mi' })).toEqual(['  container shop: memory 64 -> 128 MiB']);
});

it('all of the template is restored, but for the hash, and marked', async () => {
  const earlier = template({ ...before, metadata: { labels: { app: 'shop', 'pod-template-hash': 'x1' } } });
  const wanted = { actionId: 'act-1', changes: { templateOf: 'shop-1' } };
  const patch = await patchOf(deployment(after, {}), wanted, () => Promise.resolve(earlier));
  const { $patch, ...restored } = (patch['spec'] as JsonObject)['template'] as JsonObject;
  expect($patch).toBe('replace');
  expect(restored).toEqual(template(before, 'act-1'));
});
