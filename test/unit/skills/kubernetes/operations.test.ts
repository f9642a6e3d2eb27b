import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { systemClock } from '../../../../controller/kube/clock.ts';
import { restart } from '../../../../skills/kubernetes/actions/restart.ts';
import { scale } from '../../../../skills/kubernetes/actions/scale.ts';
import type { ActionContext, ActionType } from '../../../../skills/skill.ts';
import { contextOf, replicaSet, ScriptedCluster, template } from './scripted-cluster.ts';

interface Spec {
  readonly generation: number;
  readonly replicas?: number;
  readonly memory?: string;
  readonly mark?: string;
}

function clusterOf({ generation, replicas = 2, memory = '64Mi', mark }: Spec): ScriptedCluster {
  const cluster = new ScriptedCluster();
  cluster.objects['Deployment'] = [
    {
      metadata: { name: 'shop', uid: 'u1', generation },
      spec: { replicas, template: template({ memory }, mark) },
      status: { observedGeneration: generation, updatedReplicas: 9, availableReplicas: 9, replicas: 9 },
    },
  ];
  cluster.objects['ReplicaSet'] = [replicaSet(1, 1, {})];
  return cluster;
}

function acting(spec: Spec): ActionContext {
  const { node, signal } = contextOf(new ScriptedCluster());
  const readFile = () => Promise.resolve(undefined);
  return { node, tools: clusterOf(spec), clock: systemClock, signal, readFile, manifestPaths: [] };
}

async function isUnchanged(action: ActionType, parameters: JsonObject, later: Spec): Promise<boolean | undefined> {
  const rendered = await action.render(acting({ generation: 3 }), parameters);
  return action.unchanged?.(acting(later), rendered);
}

describe('what a plan rests on', () => {
  it('is the template where that is changed: how many pods an autoscaler wants does not matter', async () => {
    expect(await isUnchanged(restart, {}, { generation: 4, replicas: 5 })).toBe(true);
    expect(await isUnchanged(restart, {}, { generation: 4, memory: '32Mi' })).toBe(false);
  });

  it('is the whole spec for a scaling', async () => {
    expect(await isUnchanged(scale, { by: 1 }, { generation: 4, replicas: 5 })).toBe(false);
    expect(await isUnchanged(scale, { by: 1 }, { generation: 3 })).toBe(true);
  });
});

describe('what an act made', () => {
  const evidence = { actionId: 'act-1', version: 'template x', replicas: 2, at: '2026-01-01T00:00:00Z' };
  const stateAt = async (later: Spec): Promise<string | undefined> => {
    const { frozen } = await restart.render(acting({ generation: 3 }), {});
    return (await restart.settled?.(acting(later), frozen, evidence))?.state;
  };

  it('stays in force while an autoscaler scales it, and until another template is applied', async () => {
    expect(await stateAt({ generation: 5, replicas: 5, mark: 'act-1' })).toBe('Settled');
    expect(await stateAt({ generation: 5, memory: '32Mi' })).toBe('Failed');
  });
});
