import { DescribeTaskDefinitionCommand, ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { rollBack } from '../../../skills/aws-ecs/actions/roll-back.ts';
import { scale } from '../../../skills/aws-ecs/actions/scale.ts';
import { forceNewDeployment } from '../../../skills/aws-ecs/actions/force-new-deployment.ts';
import { updateTaskDefinition } from '../../../skills/aws-ecs/actions/update-task-definition.ts';
import { tasksStable } from '../../../skills/aws-ecs/checks.ts';
import { probe } from '../../../skills/aws-ecs/probe.ts';
import { remedies } from '../../../skills/aws-ecs/remedies.ts';
import { skill } from '../../../skills/aws-ecs/skill.ts';
import { rolloutOf } from '../../../skills/deploy-waiter/rollout.ts';
import type { ActionContext, ActionType, Settlement } from '../../../skills/skill.ts';
import type { HarnessTools } from '../../helpers/tool-harness.ts';
import { until } from '../../lab/parts/process.ts';
import { actionContext, probeContext, type SkillLab, startSkillLab } from './ecs-lab.ts';

const signal = new AbortController().signal;
let world: SkillLab;
let tools: HarnessTools;
beforeAll(async () => {
  world = await startSkillLab(signal);
  tools = world.tools();
});
afterAll(async () => {
  await tools?.close();
  await world?.close();
});

async function settle(
  action: ActionType,
  context: ActionContext,
  frozen: JsonObject,
  evidence: JsonObject,
): Promise<Settlement> {
  return until('the act to settle', async () => {
    const settlement = await action.settled?.(context, frozen, evidence);
    return settlement === undefined || settlement.state === 'Progressing' ? undefined : settlement;
  });
}

async function revisions(family: string): Promise<readonly string[]> {
  const answer = await world.lab.client.send(new ListTaskDefinitionsCommand({ familyPrefix: family }));
  return answer.taskDefinitionArns ?? [];
}

describe('a container whose limit is too low', () => {
  const begun = new Date();

  it('is found as OutOfMemory, healed by the remedy, and stable afterwards', async () => {
    const { lab } = world;
    await lab.create('hungry', await lab.register('hungry', { memory: 8 }));
    const result = await until('two kills', async () => {
      const seen = await probe(probeContext(tools, 'hungry', begun));
      return (seen.findings.find(({ kind }) => kind === 'aws-ecs.OutOfMemory')?.value ?? 0) >= 2 ? seen : undefined;
    });
    const found = result.findings.find(({ kind }) => kind === 'aws-ecs.OutOfMemory');
    expect(found?.facts).toMatchObject({ container: 'app', memory: 8, exitCode: 137, everSteady: false });

    const context = actionContext(tools, 'hungry', {
      'deploy/task.json': '{\n  "containerDefinitions": [{"name": "app", "memory": 8}]\n}\n',
    });
    const { findings, changes, series } = result;
    const fix = remedies[0]?.propose({ node: context.node, findings, changes, series })[0];
    expect(fix).toMatchObject({
      action: 'aws-ecs.update-task-definition',
      parameters: { memory: 32, container: 'app' },
    });
    const rendered = await updateTaskDefinition.render(context, fix?.parameters ?? {});
    expect(rendered.edits).toEqual([
      { path: 'deploy/task.json', content: '{\n  "containerDefinitions": [{"name": "app", "memory": 32}]\n}\n' },
    ]);
    expect(await updateTaskDefinition.unchanged?.(context, rendered)).toBe(true);
    const acted = new Date();
    expect((await updateTaskDefinition.probe?.(context, rendered.frozen, 'act-1'))?.verdict).toBe('Absent');
    const evidence = (await updateTaskDefinition.execute?.(context, rendered.frozen, 'act-1')) ?? {};
    expect((await updateTaskDefinition.probe?.(context, rendered.frozen, 'act-1'))?.evidence).toMatchObject({
      taskDefinition: evidence['taskDefinition'],
      deployment: evidence['deployment'],
    });
    expect(await settle(updateTaskDefinition, context, rendered.frozen, evidence)).toMatchObject({ state: 'Settled' });
    expect(await updateTaskDefinition.unchanged?.(context, rendered)).toBe(false);

    const check = await tasksStable.run({
      ...probeContext(tools, 'hungry', acted),
      thresholds: { stabilizationSeconds: 2 },
    });
    expect(check).toMatchObject({ verdict: 'Pass', threshold: 2 });
    const after = await probe(probeContext(tools, 'hungry', acted));
    expect(after.findings.filter(({ severity }) => severity !== 'Info')).toEqual([]);
    expect(after.changes).toMatchObject([{ kind: 'Configuration', facts: { byThreehops: true } }]);
    expect(await rolloutOf(tools, context.node.with, signal)).toMatchObject({
      state: 'Completed',
      taskDefinition: evidence['taskDefinition'],
      images: [{ container: 'app', image: 'app:1', tag: '1' }],
    });
    expect(await skill.rollout?.(probeContext(tools, 'hungry', acted))).toMatchObject({
      state: 'Settled',
      versions: ['1'],
    });
  });

  it('is registered once, also when the act is carried out again after a crash between its two writes', async () => {
    const { lab } = world;
    await lab.create('once', await lab.register('once', { memory: 128 }));
    await lab.rollout('once', 'COMPLETED');
    const context = actionContext(tools, 'once');
    const { frozen } = await updateTaskDefinition.render(context, { memory: 256 });
    const failing = { ...tools, call: (tool: string, args: JsonObject) => dieAtUpdate(tool, args) };
    await expect(updateTaskDefinition.execute?.({ ...context, tools: failing }, frozen, 'act-2')).rejects.toThrow(
      'killed',
    );
    expect(await revisions('once')).toHaveLength(2);
    expect((await updateTaskDefinition.probe?.(context, frozen, 'act-2'))?.verdict).toBe('Absent');
    const evidence = (await updateTaskDefinition.execute?.(context, frozen, 'act-2')) ?? {};
    expect(await settle(updateTaskDefinition, context, frozen, evidence)).toMatchObject({ state: 'Settled' });
    expect(await revisions('once')).toHaveLength(2);
  });

  async function dieAtUpdate(tool: string, args: JsonObject): ReturnType<HarnessTools['call']> {
    if (tool === 'threehops_update_service') throw new Error('killed');
    return tools.call(tool, args, signal);
  }
});

describe('utilisation', () => {
  it('is read from CloudWatch at the resolution that the node names', async () => {
    const { lab } = world;
    const begun = new Date();
    await lab.create('busy', await lab.register('busy'));
    const { series } = await until('samples', async () => {
      await world.flushMetrics();
      const seen = await probe(probeContext(tools, 'busy', begun, { metricPeriodSeconds: 1 }));
      return (seen.series[0]?.points.length ?? 0) >= 3 && seen.series.length === 2 ? seen : undefined;
    });
    expect(series.map(({ name, aspect, unit }) => [name, aspect, unit])).toEqual([
      ['MemoryUtilization', 'Saturation', '%'],
      ['CPUUtilization', 'Saturation', '%'],
    ]);
    for (const [, value] of series[0]?.points ?? []) {
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(100);
    }
  });
});

describe('a variable that was changed', () => {
  it('is restored from the revision before, and the act can be taken back', async () => {
    const { lab } = world;
    const good = await lab.register('vars', { environment: [{ name: 'MODE', value: 'good' }] });
    await lab.create('vars', good);
    await lab.rollout('vars', 'COMPLETED');
    const begun = new Date();
    await lab.update('vars', {
      taskDefinition: await lab.register('vars', { environment: [{ name: 'CRASH', value: '7' }] }),
    });
    const seen = await until('a failed task', async () => {
      const result = await probe(probeContext(tools, 'vars', begun));
      return result.findings.some(({ kind }) => kind === 'aws-ecs.ExitedNonZero') ? result : undefined;
    });
    expect(seen.findings.find(({ kind }) => kind === 'aws-ecs.ExitedNonZero')?.facts).toMatchObject({ exitCode: 7 });
    const context = actionContext(tools, 'vars');
    const fixes = remedies.flatMap((one) => one.propose({ node: context.node, ...seen }));
    const fix = fixes.toSorted((a, b) => b.fitness - a.fitness)[0];
    expect(fix?.parameters).toEqual({
      container: 'app',
      environment: [
        { name: 'CRASH', value: null },
        { name: 'MODE', value: 'good' },
      ],
    });
    const { frozen } = await updateTaskDefinition.render(context, fix?.parameters ?? {});
    const evidence = (await updateTaskDefinition.execute?.(context, frozen, 'act-3')) ?? {};
    expect(await settle(updateTaskDefinition, context, frozen, evidence)).toMatchObject({ state: 'Settled' });
    expect(await (await lab.get('vars', '/env')).json()).toMatchObject({ MODE: 'good' });

    const back = updateTaskDefinition.rollback?.(frozen, evidence) ?? {};
    const undone = (await updateTaskDefinition.execute?.(context, back, 'act-4')) ?? {};
    expect(undone['taskDefinition']).toBe((await lab.service('vars')).taskDefinition);
    expect(undone['taskDefinition']).toBe(frozen['base']);
  });
});

describe('the other acts', () => {
  it('are fenced by the deployment that the plan saw', async () => {
    const { lab } = world;
    await lab.create('fenced', await lab.register('fenced'));
    await lab.rollout('fenced', 'COMPLETED');
    const context = actionContext(tools, 'fenced');
    const { frozen } = await forceNewDeployment.render(context, {});
    const evidence = (await forceNewDeployment.execute?.(context, frozen, 'act-5')) ?? {};
    await expect(forceNewDeployment.execute?.(context, frozen, 'act-5')).rejects.toMatchObject({
      code: 'DeploymentChanged',
    });
    expect((await forceNewDeployment.probe?.(context, frozen, 'act-5'))?.verdict).toBe('Happened');
    expect(await settle(forceNewDeployment, context, frozen, evidence)).toMatchObject({ state: 'Settled' });
    expect((await lab.primary('fenced')).id).toBe(evidence['deployment']);
  });

  it('go back to the revision before, and scale', async () => {
    const { lab } = world;
    const first = await lab.register('moved', { environment: [{ name: 'VERSION', value: 'one' }] });
    await lab.create('moved', first);
    await lab.rollout('moved', 'COMPLETED');
    await lab.update('moved', {
      taskDefinition: await lab.register('moved', { environment: [{ name: 'VERSION', value: 'two' }] }),
    });
    await lab.rollout('moved', 'COMPLETED');
    const context = actionContext(tools, 'moved');
    const back = await rollBack.render(context, {});
    expect(back.diff).toContain('VERSION "two" -> "one"');
    const evidence = (await rollBack.execute?.(context, back.frozen, 'act-6')) ?? {};
    expect(await settle(rollBack, context, back.frozen, evidence)).toMatchObject({ state: 'Settled' });
    expect((await lab.service('moved')).taskDefinition).toBe(first);

    const more = await scale.render(context, { by: 1 });
    const scaled = (await scale.execute?.(context, more.frozen, 'act-7')) ?? {};
    expect(await settle(scale, context, more.frozen, scaled)).toMatchObject({ state: 'Settled' });
    expect(await lab.tasks('moved')).toHaveLength(2);
  });

  it('report a rollout that the circuit breaker gave up, also after it went back', async () => {
    const { lab } = world;
    const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };
    await lab.create('broken', await lab.register('broken'), breaker);
    await lab.rollout('broken', 'COMPLETED');
    const begun = new Date();
    const context = actionContext(tools, 'broken');
    const { frozen } = await updateTaskDefinition.render(context, { environment: [{ name: 'CRASH', value: '3' }] });
    const evidence = (await updateTaskDefinition.execute?.(context, frozen, 'act-8')) ?? {};
    expect(await settle(updateTaskDefinition, context, frozen, evidence)).toMatchObject({ state: 'Failed' });
    await until('the way back', async () =>
      (await lab.service('broken')).deployments?.length === 1 ? true : undefined,
    );
    expect(await updateTaskDefinition.settled?.(context, frozen, evidence)).toMatchObject({ state: 'Failed' });
    expect((await updateTaskDefinition.probe?.(context, frozen, 'act-8'))?.verdict).toBe('Happened');
    const { findings } = await probe(probeContext(tools, 'broken', begun));
    const kinds = findings.map(({ kind }) => kind);
    expect(kinds).toContain('aws-ecs.CircuitBreakerTripped');
    expect(kinds).toContain('aws-ecs.ExitedNonZero');
  });
});

describe('a write', () => {
  it.each([
    ['of a cluster off the list', { allowedClusters: ['other', 'la', 'lab?', 'l*x'] }, 'ClusterNotAllowed'],
    ['without a list of clusters', { allowedClusters: [] }, 'ClusterNotAllowed'],
    ['with the credentials of another account', { allowedAccounts: ['999999999999'] }, 'AccountNotAllowed'],
    ['without a list of accounts', { allowedAccounts: [] }, 'AccountNotAllowed'],
  ])('%s is refused and changes nothing', async (title, settings, code) => {
    const { lab } = world;
    const family = `refused-${title.replaceAll(' ', '-')}`;
    await lab.create(family, await lab.register(family));
    await using refused = world.tools(settings);
    const context = actionContext(refused, family);
    const { frozen } = await updateTaskDefinition.render(context, { memory: 256 });
    await expect(updateTaskDefinition.execute?.(context, frozen, 'act')).rejects.toMatchObject({ code });
    expect(await revisions(family)).toHaveLength(1);
  });

  it('keeps everything of the base that it does not change', async () => {
    const { lab } = world;
    await lab.create('kept', await lab.register('kept', { environment: [{ name: 'DB_PASSWORD', value: 'hunter2' }] }));
    const context = actionContext(tools, 'kept');
    const { frozen, diff } = await updateTaskDefinition.render(context, { memory: 512 });
    await updateTaskDefinition.execute?.(context, frozen, 'act-9');
    const [before, after] = await Promise.all(
      (await revisions('kept')).map(async (taskDefinition) => {
        const answer = await lab.client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
        return answer;
      }),
    );
    expect(after?.taskDefinition?.containerDefinitions).toEqual([
      { ...before?.taskDefinition?.containerDefinitions?.[0], memory: 512 },
    ]);
    expect(after?.tags).toEqual([{ key: 'threehops.dev/action-id', value: 'act-9' }]);
    expect(JSON.stringify(frozen) + diff).not.toContain('hunter2');
  });
});
