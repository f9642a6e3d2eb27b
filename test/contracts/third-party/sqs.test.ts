import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { ProbeResult } from '../../../controller/evidence/finding.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { probe } from '../../../skills/aws-sqs/probe.ts';
import { server } from '../../../skills/aws-sqs/server/server.ts';
import { server as metricsServer } from '../../../skills/cloudwatch/server/server.ts';
import { metricTool } from '../../../skills/lib/metric-call.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { awslabsEnvironment, mcpServersMs, mcpServersVenv } from '../../lab/parts/mcp-servers.ts';
import { type Moto, startMoto } from '../../lab/parts/moto.ts';
import { overMcp, routed } from './over-mcp.ts';
import { stdioTools } from './stdio-tools.ts';

const signal = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'threehops-third-party-sqs-'));
const window = { from: new Date(Date.now() - 60_000), to: new Date() };
let moto: Moto;
const contestants = new Map<string, HarnessTools>();

beforeAll(async () => {
  const venv = await mcpServersVenv({ signal, progress: console.error });
  moto = await startMoto({ dataDir: join(folder, 'moto'), signal, progress: console.error });
  await fill();
  const env = awslabsEnvironment(folder, moto.env);
  const calls: string[] = [];
  const start = (id: string, { tools: contract }: typeof server | typeof metricsServer) =>
    stdioTools({ id, command: venv.bin(`awslabs.${id}`), env, contract, calls });
  const [queues, metrics] = await Promise.all([
    start('amazon-sns-sqs-mcp-server', server),
    start('cloudwatch-mcp-server', metricsServer),
  ]);
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  contestants.set('ours', toolsFor(server, { region: moto.region, endpoint: moto.url }, credentials));
  contestants.set('awslabs', routed([metricTool], metrics, queues));
}, mcpServersMs);

afterAll(async () => {
  await Promise.all([...contestants.values()].map((tools) => tools.close()));
  await moto?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function fill(): Promise<void> {
  const sqs = new SQSClient(moto.clientConfig);
  const queue = async (name: string, messages: number, attributes: Record<string, string> = {}): Promise<string> => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: 'x' }));
    for (let sent = 0; sent < messages; sent += 10) await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    return QueueUrl;
  };
  await queue('parcels-dead', 10);
  const deadLetterTargetArn = `arn:aws:sqs:${moto.region}:${moto.accountId}:parcels-dead`;
  const url = await queue('parcels', 30, {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
  });
  await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }));
  sqs.destroy();
}

/** The region is named, because awslabs' server takes its own default where a call names none. */
function look(name: string, parameters: JsonObject): Promise<ProbeResult> {
  const tools = toolsOf(name);
  const given = { region: moto.region, observeSeconds: 1, maxDepth: 5, ...parameters };
  const node = { id: 'shop/queue', name: 'queue', type: 'queue', with: given };
  return overMcp(tools, (counted) => probe({ node, tools: counted, clock: systemClock, window, signal }));
}

function toolsOf(name: string): HarnessTools {
  const tools = contestants.get(name);
  if (tools === undefined) throw new Error(`${name} was not started`);
  return tools;
}

describe.each(['ours', 'awslabs'])('the SQS server of %s', (name) => {
  it('lets the skill find a queue that nobody works on, and its dead letters', async () => {
    const { findings, gaps } = await look(name, { queueName: 'parcels' });
    expect(gaps).toEqual([]);
    expect(findings.map(({ kind, value }) => [kind, value])).toEqual([
      ['aws-sqs.DepthHigh', 20],
      ['aws-sqs.ConsumerStalled', expect.any(Number)],
      ['aws-sqs.DeadLetters', 10],
    ]);
    expect(findings[0]?.facts).toMatchObject({ visible: 20, inFlight: 10 });
    expect(findings[2]?.facts).toMatchObject({ deadLetterQueue: 'parcels-dead', maxReceiveCount: 2 });
  });

  it('lets it say that there is no such queue', async () => {
    await expect(look(name, { queueName: 'nothing' })).rejects.toMatchObject({ name: 'QueueMissingError' });
  });

  it('answers the names and the attributes of queues', async () => {
    const listed = await toolsOf(name).call('list_queues', { QueueNamePrefix: 'parcels', region: moto.region }, signal);
    const urls = (listed as { readonly QueueUrls: readonly string[] }).QueueUrls;
    expect(urls.map((url) => url.replace(/.*\//, '')).toSorted()).toEqual(['parcels', 'parcels-dead']);
    const asked = { QueueUrl: urls[0] ?? '', AttributeNames: ['VisibilityTimeout'], region: moto.region };
    expect(await toolsOf(name).call('get_queue_attributes', asked, signal)).toEqual({
      Attributes: { VisibilityTimeout: '30' },
    });
  });
});

it('both let the skill find the same', async () => {
  const ours = await look('ours', { queueName: 'parcels' });
  expect(await look('awslabs', { queueName: 'parcels' })).toEqual(ours);
});
