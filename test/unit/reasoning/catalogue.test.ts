import { expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { createCausal } from '../../../controller/reasoning/causal.ts';
import type { EvidenceBundle } from '../../../controller/evidence/bundle.ts';
import type { Diagnosis } from '../../../controller/reasoning/reasoner.ts';
import { objectionsTo } from '../../../controller/reasoning/validate.ts';
import { skills } from '../../../skills/catalogue.ts';
import { ago, BundleBuilder } from '../../helpers/bundle-builder.ts';
import { anything, untried } from './stub-skills.ts';

const byId = new Map(skills.map((skill) => [skill.id, skill]));
const actions = new Map(
  skills.flatMap((skill) => skill.actions.map((action) => [action.id, { action, skill }] as const)),
);

/** With the skills that come with the operator. */
async function diagnose(bundle: EvidenceBundle, memory = untried): Promise<Diagnosis> {
  const causal = createCausal({ skills: byId, actions });
  const diagnosis = await causal.diagnose(bundle, memory, anything, new AbortController().signal);
  const action = (id: string) => actions.get(id)?.action;
  expect(objectionsTo(diagnosis, { bundle, memory, limits: anything, action })).toEqual([]);
  return diagnosis;
}

/** A gateway before a service with a store and a queue, whose worker uses the same store. */
function system(): BundleBuilder {
  return new BundleBuilder()
    .service('edge')
    .self('edge', 'tasks', 'aws-ecs')
    .self('edge', 'logs', 'cloudwatch')
    .calls('edge', 'orders', 'http-health')
    .service('orders')
    .self('orders', 'tasks', 'aws-ecs')
    .self('orders', 'logs', 'cloudwatch')
    .self('orders', 'repo', 'github')
    .self('orders', 'settings', 'code-reader')
    .uses('orders', 'sql', 'postgres')
    .uses('orders', 'outbox', 'aws-sqs', 'Feeds')
    .service('settler')
    .self('settler', 'tasks', 'aws-ecs')
    .self('settler', 'logs', 'cloudwatch')
    .self('settler', 'repo', 'github')
    .edge('orders/outbox', 'settler', 'ConsumedBy')
    .edge('settler', 'orders/sql', 'StoresIn');
}

const killed = {
  container: 'app',
  memory: 128,
  taskDefinition: 'arn:aws:ecs:eu-central-1:1:task-definition/orders:3',
  revision: 3,
  everSteady: true,
  aliveSeconds: [60, 70],
};

it('an abandoned transaction three services away is ended', async () => {
  const blocking = { pid: 42, backendStart: ago(900), state: 'idle in transaction', applicationName: 'psql' };
  const world = system()
    .finding('orders/sql', 'postgres.BlockingChain', 'Critical', 400, blocking)
    .finding('orders/sql', 'postgres.IdleInTransaction', 'Warning', 420)
    .finding('settler/logs', 'cloudwatch.NewErrorTemplate', 'Warning', 350)
    .finding('orders/outbox', 'aws-sqs.ConsumerStalled', 'Critical', 300)
    .finding('orders/logs', 'cloudwatch.ErrorRateHigh', 'Critical', 250)
    .finding('edge/logs', 'cloudwatch.ErrorRateHigh', 'Critical', 240)
    .finding('edge/orders', 'http-health.BadStatus', 'Critical', -2);
  const { rootCause, fix } = await diagnose(world.build('edge'));
  expect(rootCause).toMatchObject({ node: 'orders/sql', kind: 'postgres.AbandonedTransaction' });
  expect(fix).toMatchObject({ node: 'orders/sql', class: 'Infra', parameters: { pid: 42 } });
});

it('a limit that is too low for a program that settles is raised at once', async () => {
  const world = system()
    .finding('orders/tasks', 'aws-ecs.OutOfMemory', 'Critical', 300, { ...killed, use: { shape: 'Plateau' } })
    .finding('orders/tasks', 'aws-ecs.TasksMissing', 'Warning', 290)
    .finding('edge/logs', 'cloudwatch.ErrorRateHigh', 'Critical', 280);
  const { rootCause, fix } = await diagnose(world.build('orders'));
  expect(rootCause).toMatchObject({ node: 'orders/tasks', kind: 'aws-ecs.MemoryTooLow' });
  expect(fix?.parameters).toMatchObject({ memory: 256 });
});

it('a release that leaks is reverted in two iterations at most', async () => {
  const sha = 'c0ffee0'.padEnd(40, '0');
  const commit = { sha, repository: 'acme/orders', branch: 'main', touchesRunningCode: true };
  const world = () =>
    system()
      .change('orders/repo', 'Commit', 500, commit)
      .change('orders/tasks', 'Deploy', 400, { commit: sha })
      .finding('orders/tasks', 'aws-ecs.OutOfMemory', 'Critical', 300, { ...killed, use: { shape: 'Rising' } })
      .finding('edge/logs', 'cloudwatch.ErrorRateHigh', 'Critical', 280);
  const first = await diagnose(world().build('orders'));
  const failed = first.fix?.class === 'Code' ? [] : [first.fix?.signature ?? ''];
  const second = await diagnose(world().build('orders', 2), { ...untried, failed });
  expect(second.fix).toMatchObject({ class: 'Code', node: 'orders/repo', parameters: { sha } });
  expect(second.rootCause?.kind).toBe('github.CodeRegression');
});

it('connections that run out are mended in the service that takes them', async () => {
  const pool = { path: 'config/service.json', key: 'poolSize', value: 80, affects: 'Connections' };
  const world = system()
    .finding('orders/sql', 'postgres.ConnectionsSaturated', 'Critical', 200, { maxConnections: 20 })
    .finding('orders/settings', 'code-reader.NumericSettings', 'Info', undefined, { settings: [pool] })
    .finding('orders/logs', 'cloudwatch.ErrorRateHigh', 'Critical', 190);
  const { rootCause, fix } = await diagnose(world.build('orders'));
  expect(rootCause?.kind).toBe('code-editor.ConnectionLimitUnfit');
  expect(fix).toMatchObject({ action: 'code-editor.set-number', class: 'Code', parameters: { key: 'poolSize' } });
});

/** A revision of orders' definition, of the window. */
const revised = {
  taskDefinition: 'arn:aws:ecs:eu-central-1:1:task-definition/orders:3',
  revision: 3,
  previousTaskDefinition: 'arn:aws:ecs:eu-central-1:1:task-definition/orders:2',
  previousRevision: 2,
  byThreehops: false,
  others: ['taskRoleArn'],
};

function erring(changed: JsonObject | undefined): BundleBuilder {
  const world = system().finding('orders/logs', 'cloudwatch.ErrorRateHigh', 'Critical', 280);
  if (changed === undefined) return world;
  return world
    .change('orders/tasks', 'Configuration', 300, { ...revised, ...changed })
    .finding('orders/tasks', 'aws-ecs.TaskDefinitionChanged', 'Info', 300, { ...revised, ...changed });
}

it('a definition with which a program begins to err is gone back from, where nothing else in it can be restored', async () => {
  const alone = await diagnose(erring({ differences: [] }).build('orders'));
  expect(alone.rootCause).toMatchObject({ node: 'orders/tasks', kind: 'aws-ecs.BadRelease' });
  expect(alone.fix).toMatchObject({ action: 'aws-ecs.roll-back', parameters: { revision: 2 } });
  const environment = [{ name: 'MODE', from: 'a', to: 'b', redacted: false }];
  const beside = await diagnose(erring({ differences: [{ container: 'app', environment }] }).build('orders'));
  expect(beside.rootCause?.kind).toBe('aws-ecs.BadEnvironment');
});

it('a definition that did not change is not named as the cause', async () => {
  expect((await diagnose(erring(undefined).build('orders'))).rootCause?.kind).toBe('cloudwatch.ErrorRateHigh');
  const memory = { container: 'app', memory: { from: 1, to: 2 } };
  const resized = await diagnose(erring({ differences: [memory] }).build('orders'));
  expect(resized.rootCause?.kind).toBe('cloudwatch.ErrorRateHigh');
  const missing = system().finding('orders/tasks', 'aws-ecs.TasksMissing', 'Critical', 280);
  expect((await diagnose(missing.build('orders'))).rootCause?.kind).toBe('aws-ecs.TasksStuck');
});
