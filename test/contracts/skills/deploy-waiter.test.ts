import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { Finding } from '../../../controller/evidence/finding.ts';
import { rollBack } from '../../../skills/aws-ecs/actions/roll-back.ts';
import { scale } from '../../../skills/aws-ecs/actions/scale.ts';
import { updateTaskDefinition } from '../../../skills/aws-ecs/actions/update-task-definition.ts';
import { probe } from '../../../skills/deploy-waiter/probe.ts';
import { remedies } from '../../../skills/deploy-waiter/remedies.ts';
import type { ActionType } from '../../../skills/skill.ts';
import type { HarnessTools } from '../../helpers/tool-harness.ts';
import { until } from '../../lab/parts/process.ts';
import { actionContext, probeContext, type SkillLab, startSkillLab } from './ecs-lab.ts';

const begun = new Date();
let world: SkillLab;
let tools: HarnessTools;
beforeAll(async () => {
  world = await startSkillLab(new AbortController().signal);
  tools = world.tools();
});
afterAll(async () => {
  await tools?.close();
  await world?.close();
});

async function look(service: string): Promise<readonly Finding[]> {
  return (await probe(probeContext(tools, service, begun, { deployTimeoutSeconds: 3 }))).findings;
}

async function appears(service: string, reason: string): Promise<Finding> {
  return until(`${reason} at ${service}`, async () =>
    (await look(service)).find(({ kind }) => kind === `deploy-waiter.${reason}`),
  );
}

/** A service whose first revision has come to rest; answers both revisions. */
async function deployed(
  family: string,
  [first, second]: readonly [JsonObject, JsonObject],
  service: JsonObject = {},
): Promise<readonly [string, string]> {
  const { lab } = world;
  const one = await lab.register(family, first);
  await lab.create(family, one, service);
  await lab.rollout(family, 'COMPLETED');
  return [one, await lab.register(family, second)];
}

/** The act that the remedies propose for what is found, carried out; resolves when the deployment that runs has come to rest. */
async function mend(service: string, action: ActionType, findings: readonly Finding[]): Promise<JsonObject> {
  const context = actionContext(tools, service);
  const [fix] = remedies.flatMap((one) => one.propose({ node: context.node, findings, changes: [], series: [] }));
  expect(fix?.action).toBe(action.id);
  const { frozen } = await action.render(context, fix?.parameters ?? {});
  const evidence = (await action.execute?.(context, frozen, `act-${service}`)) ?? {};
  await until('the act to settle', async () => {
    const { state } = (await action.settled?.(context, frozen, evidence)) ?? {};
    return state === 'Settled' ? true : undefined;
  });
  return fix?.parameters ?? {};
}

const one = { environment: [{ name: 'VERSION', value: 'one' }] };
const two = { environment: [{ name: 'VERSION', value: 'two' }] };

it('finds that the shares of a rolling update let it do nothing, and gets it through with one more task', async () => {
  const deploymentConfiguration = { minimumHealthyPercent: 50, maximumPercent: 150 };
  const [, second] = await deployed('shares', [one, two], { deploymentConfiguration });
  await world.lab.update('shares', { taskDefinition: second });
  const blocked = await appears('shares', 'DeploymentBlocked');
  expect(blocked).toMatchObject({ severity: 'Critical', value: 0, threshold: 1, facts: { tasksToAdd: 1 } });
  expect(await mend('shares', scale, [blocked])).toEqual({ by: 1 });
  expect(await (await world.lab.get('shares', '/env')).json()).toMatchObject({ VERSION: 'two' });
  expect(await look('shares')).toEqual([]);
});

it('finds a rollout whose health check is made too seldom to fail, and goes back from it', async () => {
  const healthCheck = { command: ['CMD-SHELL', 'exit 1'], interval: 300, retries: 10 };
  const [first, second] = await deployed('seldom', [one, { ...two, healthCheck }]);
  await world.lab.update('seldom', { taskDefinition: second });
  const stuck = await appears('seldom', 'DeploymentStuck');
  expect(stuck).toMatchObject({
    // The task of the revision before goes on serving.
    severity: 'Warning',
    facts: { waitsFor: 'Health', judgedAfterSeconds: 3000, failedTasks: 0, previousTaskDefinition: first },
  });
  await mend('seldom', rollBack, [stuck]);
  expect(await look('seldom')).toEqual([]);
});

it('finds that an earlier revision was put back, and gives the service what it had', async () => {
  const [first, second] = await deployed('back', [one, two]);
  await world.lab.update('back', { taskDefinition: second });
  await world.lab.rollout('back', 'COMPLETED');
  expect(await look('back')).toEqual([]);
  await world.lab.update('back', { taskDefinition: first });
  await world.lab.rollout('back', 'COMPLETED');
  const putBack = await appears('back', 'RolledBack');
  expect(putBack).toMatchObject({
    severity: 'Info',
    facts: { by: 'Request', takenBack: second, taskDefinition: first },
  });
  const harm: Finding = { ...putBack, id: 'harm', kind: 'cloudwatch.ErrorRateHigh', severity: 'Critical' };
  await mend('back', updateTaskDefinition, [putBack, harm]);
  expect(await (await world.lab.get('back', '/env')).json()).toMatchObject({ VERSION: 'two' });
  expect(await look('back')).toEqual([]);
});

it('finds that ECS went back from what failed', async () => {
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
  const crash = { environment: [{ name: 'CRASH', value: '3' }] };
  const [first, second] = await deployed('given-up', [one, crash], { deploymentConfiguration });
  await world.lab.update('given-up', { taskDefinition: second });
  const back = await appears('given-up', 'RolledBack');
  expect(back).toMatchObject({
    severity: 'Warning',
    facts: { by: 'Ecs', takenBack: second, taskDefinition: first },
  });
  expect(back.summary).toContain('circuit breaker');
});
