import {
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgementOf } from './fault.ts';
import { openFaultWorld, type FaultWorld } from './fault-world.ts';
import { fault } from './small-memory.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await openFaultWorld(fault);
});
afterAll(() => world.close());

const healed = async (): Promise<boolean> => judgementOf(await fault.healed(world.lab)).healed;

/** What a person at the console would do. */
async function giveMemory(mebibytes: number): Promise<void> {
  const { ecsClient, names } = world.lab;
  const current = await ecsClient.send(new DescribeTaskDefinitionCommand({ taskDefinition: names.payments }));
  const { family, networkMode, requiresCompatibilities, containerDefinitions = [], cpu } = current.taskDefinition ?? {};
  const memory = String(mebibytes);
  const containers = containerDefinitions.map((container) => ({ ...container, memory: mebibytes }));
  const definition = { family, networkMode, requiresCompatibilities, cpu, memory, containerDefinitions: containers };
  const { taskDefinition } = await ecsClient.send(new RegisterTaskDefinitionCommand(definition));
  const arn = taskDefinition?.taskDefinitionArn;
  await ecsClient.send(
    new UpdateServiceCommand({ cluster: names.cluster, service: names.payments, taskDefinition: arn }),
  );
  await world.lab.awaitRollout('payments');
}

describe('small-memory', () => {
  test('before it is injected, users are served', async () => {
    expect(await healed()).toBe(true);
  });

  test('injected, tasks die with 137 and users see it', async () => {
    await fault.inject(world.lab);
    const stopped = await world.lab.stoppedTasks('payments');
    const codes = stopped.flatMap((task) => task.containers ?? []).map((container) => container.exitCode);
    expect(codes.filter((code) => code === 137).length).toBeGreaterThanOrEqual(2);
    expect(await healed()).toBe(false);
  });

  test('a little more memory heals nothing', async () => {
    await giveMemory(136);
    expect(await healed()).toBe(false);
  });

  test('enough memory heals it', async () => {
    await giveMemory(256);
    expect(await healed()).toBe(true);
  });
});
