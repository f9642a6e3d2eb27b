import type { JsonObject } from '../../../../controller/api/json.ts';
import { describe, expect, it } from 'vitest';
import { rollBack } from '../../../../skills/aws-ecs/actions/roll-back.ts';
import { scale } from '../../../../skills/aws-ecs/actions/scale.ts';
import { updateTaskDefinition } from '../../../../skills/aws-ecs/actions/update-task-definition.ts';
import { actionOf, arn, deploymentOf, ScriptedEcs, serviceOf } from './scripted-ecs.ts';

const manifest = `{
    "family": "shop",
    "memory": "512",
    "containerDefinitions": [
        { "name": "sidecar", "memory": 32 },
        {
            "memory": 256,
            "name": "app",
            "environment": [ { "name": "MODE", "value": "bad" } ]
        }
    ]
}
`;

function world(definition: object = {}, container: object = {}): ScriptedEcs {
  const ecs = new ScriptedEcs();
  ecs.define(1, { ...definition }, { ...container });
  return ecs;
}

describe('a changed task definition', () => {
  it('is planned as a diff, a frozen change and an edit of its file alone', async () => {
    const ecs = world(
      {},
      {
        environment: [
          { name: 'MODE', value: 'bad' },
          { name: 'API_KEY', value: 's3cret' },
        ],
      },
    );
    const context = actionOf(ecs, { 'deploy/task.json': manifest });
    const plan = await updateTaskDefinition.render(context, {
      memory: 512,
      environment: [
        { name: 'MODE', value: 'good' },
        { name: 'API_KEY', value: 'other-s3cret' },
      ],
    });
    expect(plan.target).toEqual({ identity: 'ecs:staging/shop', version: `${arn(1)} ecs-svc/1` });
    expect(plan.frozen).toMatchObject({
      operation: 'NewRevision',
      base: arn(1),
      deployment: 'ecs-svc/1',
      changes: { container: 'app', containerMemory: 512 },
    });
    expect(plan.diff.split('\n').slice(1)).toEqual([
      '  container app',
      '-   memory: 256 MiB',
      '+   memory: 512 MiB',
      '-   MODE=bad',
      '+   MODE=good',
      '-   API_KEY=[REDACTED]',
      '+   API_KEY=[REDACTED]',
      '# MODE has never had this value here: a person looks first',
      '# API_KEY has never had this value here: a person looks first',
      '# API_KEY looks like a secret: not written to any file',
    ]);
    expect(plan.edits).toEqual([
      {
        path: 'deploy/task.json',
        content: manifest.replace('"memory": 256', '"memory": 512').replace('"bad"', '"good"'),
      },
    ]);
    expect(ecs.writes).toEqual([]);
  });

  it('adds and removes variables in the file as its formatting has it', async () => {
    const ecs = world({}, { environment: [{ name: 'MODE', value: 'bad' }] });
    const plan = await updateTaskDefinition.render(actionOf(ecs, { f: manifest }), {
      environment: [
        { name: 'MODE', value: null },
        { name: 'POOL', value: '5' },
      ],
    });
    const edited = JSON.parse(plan.edits[0]?.content ?? '') as { containerDefinitions: { environment: unknown }[] };
    expect(edited.containerDefinitions[1]?.environment).toEqual([{ name: 'POOL', value: '5' }]);
  });

  it.each([
    ['"memory": 1024', 'already says so'],
    ['not json at all', 'not edited'],
  ])('leaves a file alone that %s', async (text, note) => {
    const file = text.startsWith('"') ? manifest.replace('"memory": 256', text) : text;
    const plan = await updateTaskDefinition.render(actionOf(world(), { f: file }), { memory: 512 });
    expect(plan.edits).toEqual([]);
    expect(plan.diff).toContain(note);
  });

  it('restores a secret without it being in the plan', async () => {
    const ecs = world({}, { environment: [{ name: 'TOKEN', value: 'right' }] });
    ecs.define(2, {}, { environment: [{ name: 'TOKEN', value: 'wrong' }] });
    ecs.service = serviceOf({ taskDefinition: arn(2), deployments: [deploymentOf({ taskDefinition: arn(2) })] });
    const plan = await updateTaskDefinition.render(actionOf(ecs), {
      environment: [{ name: 'TOKEN', restoreFrom: arn(1) }],
    });
    expect(plan.frozen['changes']).toMatchObject({ environment: [{ name: 'TOKEN', from: arn(1) }] });
    expect(JSON.stringify(plan)).not.toMatch(/right|wrong/);
  });

  it('asks a person where an image or a value comes from nowhere, and not where an earlier revision had it', async () => {
    const ecs = world({}, { image: 'old/shop:1', environment: [{ name: 'HOST', value: 'db.example.com' }] });
    ecs.define(2, {}, { environment: [{ name: 'HOST', value: 'bd.example.com' }] });
    ecs.service = serviceOf({ taskDefinition: arn(2), deployments: [deploymentOf({ taskDefinition: arn(2) })] });
    const strangers = async (given: JsonObject) =>
      (await updateTaskDefinition.render(actionOf(ecs), given)).unfamiliar ?? [];
    const value = (text: string): JsonObject => ({ environment: [{ name: 'HOST', value: text }] });
    expect(await strangers({ image: 'shop:bbbbbbb' })).toEqual([]);
    expect(await strangers({ image: 'old/shop:2' })).toEqual([]);
    expect(await strangers(value('db.example.com'))).toEqual([]);
    expect(await strangers({ environment: [{ name: 'POOL', value: '5' }] })).toEqual([]);
    expect(await strangers({ image: 'attacker.example/shop:1' })).toHaveLength(1);
    expect(await strangers(value('attacker.example'))).toEqual(['HOST has never had this value here']);
  });

  it('leaves the sizes alone where it is about something else, odd as they are', async () => {
    const odd = { requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '160' };
    const ecs = world(odd, { memory: 160, environment: [{ name: 'MODE', value: 'bad' }] });
    const environment = [{ name: 'MODE', value: 'good' }];
    const { frozen } = await updateTaskDefinition.render(actionOf(ecs), { environment });
    expect(frozen['changes']).toEqual({ container: 'app', environment });
  });

  it('gives a Fargate task a size that is offered', async () => {
    const fargate = { requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' };
    const sizes = async (memory: number, own: object): Promise<unknown> => {
      const { frozen } = await updateTaskDefinition.render(actionOf(world(fargate, own)), { memory });
      return frozen['changes'];
    };
    const noOwn = { memory: undefined };
    expect(await sizes(1500, noOwn)).toEqual({ container: 'app', taskMemory: 2048 });
    expect(await sizes(3000, noOwn)).toEqual({ container: 'app', taskMemory: 3072, taskCpu: 512 });
    expect(await sizes(400, {})).toEqual({ container: 'app', containerMemory: 400 });
  });

  it.each([
    ['less memory', { memory: 128 }, 'NotAnIncrease'],
    ['as much memory', { memory: 256 }, 'NotAnIncrease'],
    ['more than the node allows', { memory: 16384 }, 'AboveLimit'],
    ['a container that is not there', { memory: 512, container: 'nobody' }, 'ContainerMissing'],
    ["another family's value", { environment: [{ name: 'TOKEN', restoreFrom: arn(1, 'admin') }] }, 'ForeignDefinition'],
  ])('is refused for %s', async (_, parameters, code) => {
    await expect(updateTaskDefinition.render(actionOf(world()), parameters)).rejects.toMatchObject({ code });
  });

  it('has a direction that says the idea, not the size', () => {
    const direction = (parameters: JsonObject): string => updateTaskDefinition.direction(parameters);
    expect(direction({ memory: 512 })).toBe(direction({ memory: 2048 }));
    expect(
      direction({
        environment: [
          { name: 'B', value: null },
          { name: 'A', restoreFrom: 'x' },
        ],
      }),
    ).toBe('environment.A:restore+environment.B:unset');
  });

  it('is written as one registration and one fenced update', async () => {
    const ecs = world();
    const context = actionOf(ecs);
    const { frozen } = await updateTaskDefinition.render(context, { memory: 512 });
    const evidence = await updateTaskDefinition.execute?.(context, frozen, 'act-1');
    expect(ecs.writes.map(({ tool }) => tool)).toEqual([
      'threehops_register_task_definition',
      'threehops_update_service',
    ]);
    expect(ecs.writes[0]?.args).toMatchObject({ base: arn(1), actionId: 'act-1', changes: { containerMemory: 512 } });
    expect(ecs.writes[1]?.args).toEqual({
      cluster: 'staging',
      service: 'shop',
      taskDefinition: arn(99),
      expectedDeployment: 'ecs-svc/1',
    });
    expect(updateTaskDefinition.rollback?.(frozen, evidence ?? {})).toMatchObject({
      operation: 'PointAt',
      taskDefinition: arn(1),
      deployment: 'ecs-svc/99',
    });
  });
});

describe('what happened of an act', () => {
  const planned = async (ecs: ScriptedEcs): ReturnType<typeof updateTaskDefinition.render> =>
    updateTaskDefinition.render(actionOf(ecs), { memory: 512 });
  const tag = [{ key: 'threehops.dev/action-id', value: 'act-1' }];

  it('is Absent without the revision, or while nothing else was deployed', async () => {
    const ecs = world();
    const { frozen } = await planned(ecs);
    expect(await updateTaskDefinition.probe?.(actionOf(ecs), frozen, 'act-1')).toMatchObject({ verdict: 'Absent' });
    ecs.define(2, {}, {}, tag);
    expect(await updateTaskDefinition.probe?.(actionOf(ecs), frozen, 'act-1')).toMatchObject({ verdict: 'Absent' });
  });

  it('is Happened where the service runs it, and Unknown where somebody else deployed in between', async () => {
    const ecs = world();
    const { frozen } = await planned(ecs);
    ecs.define(2, {}, {}, tag);
    ecs.service = serviceOf({ deployments: [deploymentOf({ id: 'ecs-svc/2', taskDefinition: arn(2) })] });
    expect(await updateTaskDefinition.probe?.(actionOf(ecs), frozen, 'act-1')).toMatchObject({
      verdict: 'Happened',
      evidence: { taskDefinition: arn(2), deployment: 'ecs-svc/2' },
    });
    ecs.service = serviceOf({ deployments: [deploymentOf({ id: 'ecs-svc/3', taskDefinition: arn(3) })] });
    expect(await updateTaskDefinition.probe?.(actionOf(ecs), frozen, 'act-1')).toMatchObject({ verdict: 'Unknown' });
  });
});

describe('settling', () => {
  const evidence = { taskDefinition: arn(2), deployment: 'ecs-svc/2', desiredCount: 1, at: '2026-01-01T12:00:50.000Z' };
  const frozen = {
    operation: 'NewRevision',
    cluster: 'staging',
    service: 'shop',
    deployment: 'ecs-svc/1',
    base: arn(1),
    changes: { container: 'app' },
  };
  const ours = (change: object): object => deploymentOf({ id: 'ecs-svc/2', taskDefinition: arn(2), ...change });

  it.each([
    ['Settled', [ours({})]],
    ['Progressing', [ours({ rolloutState: 'IN_PROGRESS' }), deploymentOf({ status: 'ACTIVE' })]],
    ['Progressing', [ours({}), deploymentOf({ status: 'ACTIVE' })]],
    ['Progressing', [deploymentOf()]],
    ['Failed', [deploymentOf({ rolloutState: 'IN_PROGRESS' }), ours({ status: 'ACTIVE', rolloutState: 'FAILED' })]],
    ['Failed', [deploymentOf({ id: 'ecs-svc/3', taskDefinition: arn(3) })]],
  ])('is %s', async (state, deployments) => {
    const ecs = world();
    ecs.service = serviceOf({ deployments: deployments as [] });
    expect(await updateTaskDefinition.settled?.(actionOf(ecs), frozen, evidence)).toMatchObject({ state });
  });

  it('has failed when the old deployment is still the newest after a while', async () => {
    const early = { ...evidence, at: '2026-01-01T12:00:30.000Z' };
    expect(await updateTaskDefinition.settled?.(actionOf(world()), frozen, early)).toMatchObject({ state: 'Failed' });
  });
});

describe('going back and scaling', () => {
  it('prefers the revision that a rollout has completed', async () => {
    const ecs = world();
    ecs.define(2);
    ecs.define(3, {}, { memory: 64 });
    const newest = deploymentOf({ id: 'ecs-svc/3', taskDefinition: arn(3), rolloutState: 'IN_PROGRESS' });
    ecs.service = serviceOf({ taskDefinition: arn(3), deployments: [newest, deploymentOf({ status: 'ACTIVE' })] });
    expect((await rollBack.render(actionOf(ecs), {})).frozen).toMatchObject({
      operation: 'PointAt',
      taskDefinition: arn(1),
    });
    expect((await rollBack.render(actionOf(ecs), { revision: 2 })).frozen).toMatchObject({ taskDefinition: arn(2) });
    await expect(rollBack.render(actionOf(ecs), { revision: 3 })).rejects.toMatchObject({ code: 'NoEarlierRevision' });
  });

  it('tells all that goes back with it, without what stands there', async () => {
    const ecs = world({ taskRoleArn: 's3cret' });
    ecs.define(2, {}, { memory: 64, command: ['s3cret'] });
    ecs.service = serviceOf({ taskDefinition: arn(2), deployments: [deploymentOf({ taskDefinition: arn(2) })] });
    const { diff } = await rollBack.render(actionOf(ecs), { revision: 1 });
    expect(diff.split('\n').slice(3)).toEqual([
      '  container app: memory 64 -> 256 MiB',
      '  containerDefinitions[app].command',
      '  taskRoleArn',
      '# in no file: until it is changed where it came from, the next deploy brings it again',
    ]);
  });

  it('stays within the bounds of the node', async () => {
    const context = actionOf(world(), {}, { maxTasks: 2 });
    expect((await scale.render(context, { by: 1 })).frozen).toMatchObject({ fromCount: 1, desiredCount: 2 });
    await expect(scale.render(context, { by: 2 })).rejects.toMatchObject({ code: 'AboveLimit' });
    await expect(scale.render(context, { by: -1 })).rejects.toMatchObject({ code: 'AboveLimit' });
  });
});
