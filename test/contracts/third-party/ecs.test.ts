import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../controller/api/json.ts';
import type { ProbeResult } from '../../../controller/evidence/finding.ts';
import { probe } from '../../../skills/aws-ecs/probe.ts';
import { server } from '../../../skills/aws-ecs/server/server.ts';
import { probe as watchDeployments } from '../../../skills/deploy-waiter/probe.ts';
import { server as metricsServer } from '../../../skills/cloudwatch/server/server.ts';
import { metricTool } from '../../../skills/lib/metric-call.ts';
import { listOf, objectOf } from '../../../skills/lib/reading.ts';
import type { HarnessTools } from '../../helpers/tool-harness.ts';
import { awslabsEnvironment, mcpServersMs, mcpServersVenv } from '../../lab/parts/mcp-servers.ts';
import { until } from '../../lab/parts/process.ts';
import { probeContext, type SkillLab, startSkillLab } from '../skills/ecs-lab.ts';
import { overMcp, routed } from './over-mcp.ts';
import { stdioTools } from './stdio-tools.ts';

const signal = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'threehops-third-party-ecs-'));
const begun = new Date();
const contestants = new Map<string, HarnessTools>();
let world: SkillLab;

beforeAll(async () => {
  const venv = await mcpServersVenv({ signal, progress: console.error });
  world = await startSkillLab(signal);
  const env = {
    ...awslabsEnvironment(folder, { ...world.moto.env, AWS_ENDPOINT_URL_ECS: world.lab.ecs.url }),
    AWS_REGION: world.lab.ecs.region,
    // Without it the server answers neither events nor variables.
    ALLOW_SENSITIVE_DATA: 'true',
  };
  const calls: string[] = [];
  const start = (id: string, script: string, { tools: contract }: typeof server | typeof metricsServer) =>
    stdioTools({ id, command: venv.bin(script), env, contract, calls });
  const [ecs, metrics] = await Promise.all([
    start('ecs-mcp-server', 'ecs-mcp-server', server),
    start('cloudwatch-mcp-server', 'awslabs.cloudwatch-mcp-server', metricsServer),
  ]);
  contestants.set('ours', world.tools());
  contestants.set('awslabs', routed([metricTool], metrics, ecs));
  await world.lab.create('hungry', await world.lab.register('hungry', { memory: 8 }));
  await until('two kills', async () => {
    const { findings } = await look('ours');
    return (findings.find(({ kind }) => kind === 'aws-ecs.OutOfMemory')?.value ?? 0) >= 2 ? true : undefined;
  });
  await world.lab.update('hungry', { desiredCount: 0 });
  await putBack('moved');
  await until('all tasks to be gone', async () => ((await world.lab.tasks('hungry')).length === 0 ? true : undefined));
}, mcpServersMs);

afterAll(async () => {
  await Promise.all([...contestants.values()].map((tools) => tools.close()));
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A second revision comes to rest, and then the first one again. */
async function putBack(service: string): Promise<void> {
  const { lab } = world;
  const [first, second] = [await lab.register(service), await lab.register(service, { memory: 256 })];
  await lab.create(service, first);
  for (const taskDefinition of [first, second, first]) {
    await lab.update(service, { taskDefinition });
    await lab.rollout(service, 'COMPLETED');
  }
}

function toolsOf(name: string): HarnessTools {
  const tools = contestants.get(name);
  if (tools === undefined) throw new Error(`${name} was not started`);
  return tools;
}

function look(name: string, service = 'hungry'): Promise<ProbeResult> {
  return overMcp(toolsOf(name), (tools) => probe({ ...probeContext(toolsOf(name), service, begun), tools }));
}

async function ecs(name: string, operation: string, params: JsonObject): Promise<Json> {
  return toolsOf(name).call('ecs_resource_management', { api_operation: operation, api_params: params }, signal);
}

describe.each(['ours', 'awslabs'])('the ECS server of %s', (name) => {
  it('lets the skill find what kills the tasks', async () => {
    const { findings } = await look(name);
    const found = findings.find(({ kind }) => kind === 'aws-ecs.OutOfMemory');
    expect(found).toMatchObject({ severity: 'Critical', facts: { container: 'app', memory: 8, exitCode: 137 } });
    expect(found?.value).toBeGreaterThanOrEqual(2);
  });

  it('tells of the deployments that there were', async () => {
    const context = probeContext(toolsOf(name), 'moved', begun);
    const { findings } = await overMcp(toolsOf(name), (tools) => watchDeployments({ ...context, tools }));
    expect(findings).toMatchObject([
      {
        kind: 'deploy-waiter.RolledBack',
        value: 1,
        threshold: 2,
        facts: { differences: [{ memory: { from: 256, to: 128 } }] },
      },
    ]);
  });

  it('lets it say that there is no such service', async () => {
    await expect(look(name, 'nothing')).rejects.toMatchObject({ name: 'ServiceMissingError' });
  });

  it("answers in ECS's own words", async () => {
    const described = objectOf(await ecs(name, 'DescribeServices', { cluster: 'lab', services: ['hungry'] }));
    expect(listOf(described['services'])).toMatchObject([
      { serviceName: 'hungry', desiredCount: 0, launchType: 'EC2' },
    ]);
    const tasks = objectOf(await ecs(name, 'ListTasks', { cluster: 'lab', desiredStatus: 'STOPPED' }));
    expect(listOf(tasks['taskArns']).length).toBeGreaterThanOrEqual(2);
    const definition = objectOf(await ecs(name, 'DescribeTaskDefinition', { taskDefinition: 'hungry' }));
    expect(definition['taskDefinition']).toMatchObject({ family: 'hungry', containerDefinitions: [{ memory: 8 }] });
  });

  it('writes nothing', async () => {
    const answer = await ecs(name, 'UpdateService', { cluster: 'lab', service: 'hungry', desiredCount: 1 }).catch(
      (error: unknown) => ({ error: String(error) }),
    );
    expect(objectOf(answer as Json)['error']).toEqual(expect.any(String));
    expect((await world.lab.service('hungry')).desiredCount).toBe(0);
  });
});

it('both let the skill find the same', async () => {
  const ours = await look('ours');
  expect(await look('awslabs')).toEqual(ours);
});
