import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { queueDraining } from '../../../../skills/aws-sqs/checks.ts';
import { identity } from '../../../../skills/aws-sqs/parameters.ts';
import { probe } from '../../../../skills/aws-sqs/probe.ts';
import { remedies } from '../../../../skills/aws-sqs/remedies.ts';
import type { CheckResult, ProbeContext, Tools } from '../../../../skills/skill.ts';
import { at, SteppingClock } from '../aws-ecs/scripted-ecs.ts';

type Counts = readonly [visible: number, inFlight: number];

/** Queues by name; each read of one answers its next counts, the last ones for ever. */
class ScriptedQueues implements Tools {
  readonly counts = new Map<string, Counts[]>();
  attributes: JsonObject = {};
  metrics: Readonly<Record<string, readonly (readonly [string, number])[]>> = {};
  readonly broken = new Set<string>();
  reads = 0;

  constructor(...counts: Counts[]) {
    this.counts.set('orders', counts);
  }

  async call(tool: string, args: JsonObject): Promise<Json> {
    if (this.broken.has(tool)) throw new Error(`${tool} is down`);
    if (tool === 'get_metric_data') return this.#metric(args);
    if (tool === 'list_queues')
      return { QueueUrls: [...this.counts.keys(), 'orders-late'].map((name) => `http://sqs/1/${name}`) };
    this.reads += 1;
    const name = (args['QueueUrl'] as string).split('/').at(-1) ?? '';
    const left = this.counts.get(name);
    if (left === undefined) return { error: 'no such queue', code: 'AWS.SimpleQueueService.NonExistentQueue' };
    const [visible, inFlight] = (left.length > 1 ? left.shift() : left[0]) ?? [0, 0];
    const numbers = {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
    };
    return { Attributes: { ...numbers, VisibilityTimeout: '30', ...(name === 'orders' ? this.attributes : {}) } };
  }

  #metric(args: JsonObject): Json {
    const [{ value }] = args['dimensions'] as unknown as [{ value: string }];
    const points = this.metrics[`${value} ${args['metric_name'] as string}`] ?? [];
    return { metricDataResults: [{ datapoints: points.map(([timestamp, one]) => ({ timestamp, value: one })) }] };
  }
}

function contextOf(tools: Tools, more: JsonObject = {}): ProbeContext {
  return {
    node: { id: 'shop/queue', name: 'queue', type: 'queue', with: { queueName: 'orders', maxDepth: 100, ...more } },
    tools,
    clock: new SteppingClock(at(60)),
    window: { from: new Date(at(0)), to: new Date(at(60)) },
    signal: new AbortController().signal,
  };
}

const kinds = async (queues: ScriptedQueues, more?: JsonObject): Promise<readonly string[]> =>
  (await probe(contextOf(queues, more))).findings.map(({ kind }) => kind.replace('aws-sqs.', ''));

describe('the probe of a queue', () => {
  it.each<[string, Counts[], string[]]>([
    ['nothing on an empty one', [[0, 0]], []],
    [
      'nothing on one that is worked on',
      [
        [60, 5],
        [62, 4],
        [61, 5],
      ],
      [],
    ],
    [
      'nothing about the ups and downs of a few',
      [
        [1, 0],
        [4, 0],
        [9, 0],
      ],
      [],
    ],
    ['nobody who consumes', [[50, 0]], ['NoConsumer']],
    [
      'growth without a consumer',
      [
        [40, 0],
        [40, 0],
        [45, 0],
        [50, 0],
      ],
      ['DepthGrowing', 'NoConsumer'],
    ],
    [
      'growth with one',
      [
        [40, 9],
        [40, 9],
        [50, 9],
        [60, 9],
      ],
      ['DepthGrowing'],
    ],
    ['a consumer that holds messages and finishes none', [[400, 10]], ['DepthHigh', 'ConsumerStalled']],
    [
      'a deep queue that is being emptied',
      [
        [400, 10],
        [400, 10],
        [380, 10],
        [350, 10],
      ],
      ['DepthHigh'],
    ],
  ])('tells %s', async (_, counts, expected) => {
    expect(await kinds(new ScriptedQueues(...counts))).toEqual(expected);
  });

  it('says how deep it is against its limit, and since when by CloudWatch', async () => {
    const queues = new ScriptedQueues([700, 3]);
    queues.metrics = {
      'orders ApproximateNumberOfMessagesVisible': [
        [at(1), 150],
        [at(2), 20],
        [at(3), 120],
        [at(4), 600],
      ],
    };
    const { findings, series } = await probe(contextOf(queues));
    expect(findings[0]).toMatchObject({
      kind: 'aws-sqs.DepthHigh',
      severity: 'Critical',
      value: 700,
      threshold: 100,
      since: at(3),
    });
    expect(series).toMatchObject([{ aspect: 'Saturation', unit: 'messages' }]);
    expect(series[0]?.points).toHaveLength(4);
  });

  it('dates the oldest message back to when it was sent', async () => {
    const queues = new ScriptedQueues([1, 0]);
    queues.metrics = { 'orders ApproximateAgeOfOldestMessage': [[at(50), 40]] };
    const { findings } = await probe(contextOf(queues, { maxAgeSeconds: 30 }));
    expect(findings).toMatchObject([{ kind: 'aws-sqs.OldestMessageAge', value: 40, threshold: 30, since: at(10) }]);
  });

  it('tells that the queue keeps messages back for longer than one may wait, while it keeps some', async () => {
    const queues = new ScriptedQueues([0, 0]);
    const attributes = { DelaySeconds: '900', LastModifiedTimestamp: String(Date.parse(at(20)) / 1000) };
    queues.attributes = { ...attributes, ApproximateNumberOfMessagesDelayed: '7' };
    const { findings } = await probe(contextOf(queues));
    expect(findings).toMatchObject([
      { kind: 'aws-sqs.DeliveryDelayed', severity: 'Critical', value: 900, threshold: 300, since: at(20) },
    ]);
    expect(findings[0]?.summary).toContain('7 messages');
    expect(await kinds(queues, { maxAgeSeconds: 900 })).toEqual([]);
    queues.attributes = attributes;
    expect(await kinds(queues)).toEqual([]);
  });

  it('finds the dead-letter queue by the redrive policy; old letters are no news, new ones are', async () => {
    const queues = new ScriptedQueues([0, 0]);
    queues.attributes = {
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:1:orders-dead","maxReceiveCount":5}',
    };
    queues.counts.set('orders-dead', [[3, 0]]);
    const old = (await probe(contextOf(queues))).findings;
    expect(old).toMatchObject([
      { kind: 'aws-sqs.DeadLetters', severity: 'Info', value: 3, facts: { maxReceiveCount: 5 } },
    ]);
    queues.metrics = {
      'orders-dead ApproximateNumberOfMessagesVisible': [
        [at(1), 1],
        [at(2), 1],
        [at(3), 2],
      ],
      'orders-dead ApproximateAgeOfOldestMessage': [[at(50), 400_000]],
    };
    expect((await probe(contextOf(queues))).findings).toMatchObject([
      { kind: 'aws-sqs.DeadLetters', severity: 'Info', value: 3, since: at(50 - 400_000) },
      { kind: 'aws-sqs.DeadLettersGrowing', severity: 'Warning', value: 2, threshold: 0, since: at(3) },
    ]);
  });

  it('tells a visibility timeout that is shorter than the work', async () => {
    expect(await kinds(new ScriptedQueues([0, 1]), { processingSeconds: 60 })).toEqual(['VisibilityTimeoutShort']);
    const queues = new ScriptedQueues([0, 1]);
    queues.metrics = {
      'orders NumberOfMessagesReceived': [[at(1), 50]],
      'orders NumberOfMessagesDeleted': [[at(1), 20]],
    };
    expect(await kinds(queues)).toEqual(['VisibilityTimeoutShort']);
  });

  it('does not blame the visibility timeout for messages that die', async () => {
    const queues = new ScriptedQueues([0, 1]);
    queues.attributes = {
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:1:orders-dead","maxReceiveCount":3}',
    };
    queues.counts.set('orders-dead', [[9, 0]]);
    queues.metrics = {
      'orders NumberOfMessagesReceived': [[at(1), 50]],
      'orders NumberOfMessagesDeleted': [[at(1), 20]],
    };
    expect(await kinds(queues)).toContain('VisibilityTimeoutShort');
    const dying = [1, 5, 9].map((count, index) => [at(index), count] as const);
    queues.metrics = { ...queues.metrics, 'orders-dead ApproximateNumberOfMessagesVisible': dying };
    expect(await kinds(queues)).not.toContain('VisibilityTimeoutShort');
  });

  it('knows a consumer that is too quick to be seen by what it received, and since when there is none', async () => {
    const queues = new ScriptedQueues([50, 0]);
    queues.metrics = { 'orders NumberOfMessagesReceived': [10, 10, 4].map((count, index) => [at(index), count]) };
    expect(await kinds(queues)).toEqual([]);
    queues.metrics = { 'orders NumberOfMessagesReceived': [10, 4, 0, 0].map((count, index) => [at(index), count]) };
    expect((await probe(contextOf(queues))).findings).toMatchObject([{ kind: 'aws-sqs.NoConsumer', since: at(2) }]);
  });

  it('dates growth by the depth that began to rise', async () => {
    const queues = new ScriptedQueues([40, 9], [40, 9], [60, 9]);
    queues.metrics = {
      'orders ApproximateNumberOfMessagesVisible': [30, 20, 20, 35, 60].map((depth, index) => [at(index), depth]),
    };
    expect((await probe(contextOf(queues))).findings).toMatchObject([{ kind: 'aws-sqs.DepthGrowing', since: at(2) }]);
  });

  it('tells a redrive policy that gives a message only one try', async () => {
    const queues = new ScriptedQueues([0, 0]);
    const policy = (more: object): string =>
      JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:eu-central-1:1:orders-dead', ...more });
    queues.counts.set('orders-dead', [[0, 0]]);
    queues.attributes = { RedrivePolicy: policy({ maxReceiveCount: 1 }) };
    expect((await probe(contextOf(queues))).findings).toMatchObject([
      { kind: 'aws-sqs.RedrivesAtOnce', severity: 'Info', value: 1, threshold: 2 },
    ]);
    queues.attributes = { RedrivePolicy: policy({ maxReceiveCount: 2 }) };
    expect(await kinds(queues)).toEqual([]);
  });

  it('does not take messages that nothing hides for messages that nobody takes', async () => {
    const queues = new ScriptedQueues([50, 0]);
    queues.attributes = { VisibilityTimeout: '0' };
    expect(await kinds(queues, { processingSeconds: 3 })).toEqual(['VisibilityTimeoutShort']);
  });

  it('tells that somebody has set its attributes, and neither its making nor what was before the window', async () => {
    const seconds = (offset: number): string => String(Date.parse(at(offset)) / 1000);
    const changes = async (created: number, modified: number) => {
      const queues = new ScriptedQueues([0, 0]);
      queues.attributes = { CreatedTimestamp: seconds(created), LastModifiedTimestamp: seconds(modified) };
      return (await probe(contextOf(queues))).changes.map(({ kind, at: when }) => [kind, when]);
    };
    expect(await changes(-500, 20)).toEqual([['Configuration', at(20)]]);
    expect(await changes(20, 21)).toEqual([]);
    expect(await changes(-500, -10)).toEqual([]);
  });

  it('goes on without metrics and without a dead-letter queue that cannot be read, with a gap each', async () => {
    const queues = new ScriptedQueues([0, 0]);
    queues.broken.add('get_metric_data');
    const { gaps } = await probe(contextOf(queues, { dlq: 'nowhere' }));
    expect(gaps.map(({ what }) => what)).toEqual(['dead-letter queue', 'metrics of the queue']);
  });

  it('knows nothing of a queue that is not there or cannot be read', async () => {
    await expect(probe(contextOf(new ScriptedQueues(), { queueName: 'none' }))).rejects.toMatchObject({
      name: 'QueueMissingError',
    });
    const byUrl = probe(contextOf(new ScriptedQueues(), { queueUrl: 'http://sqs/1/none' }));
    await expect(byUrl).rejects.toMatchObject({ code: 'AWS.SimpleQueueService.NonExistentQueue' });
  });

  it('has one identity for a queue by its name and by its URL', () => {
    expect(identity({ queueUrl: 'https://sqs.eu-central-1.amazonaws.com/1/orders' })).toBe(
      identity({ queueName: 'orders' }),
    );
  });
});

describe('queue-draining', () => {
  const check = (counts: Counts[], thresholds: JsonObject = { queueDrainSeconds: 6 }): Promise<CheckResult> =>
    queueDraining.run({ ...contextOf(new ScriptedQueues(...counts)), thresholds });

  it('passes under the limit, and waits for a queue that comes down', async () => {
    expect(await check([[5, 1]])).toMatchObject({ verdict: 'Pass', value: 5, threshold: 100 });
    expect(
      await check([
        [180, 9],
        [150, 9],
        [120, 9],
        [90, 9],
      ]),
    ).toMatchObject({ verdict: 'Pass', value: 90 });
  });

  it('passes above the limit when it still falls at the end, and fails when it does not', async () => {
    const falling = Array.from({ length: 20 }, (_, index): Counts => [900 - 30 * index, 9]);
    expect(await check(falling)).toMatchObject({ verdict: 'Pass' });
    expect(await check([[900, 9]])).toMatchObject({ verdict: 'Fail', value: 900 });
  });

  it('fails while the queue grows, even under the limit', async () => {
    const growing = Array.from({ length: 30 }, (_, index): Counts => [20 + 2 * index, 0]);
    expect(await check(growing, { queueDrainSeconds: 6, maxQueueDepth: 500 })).toMatchObject({
      verdict: 'Fail',
      threshold: 500,
    });
  });
});

describe('what remedies propose', () => {
  const proposed = async (more: JsonObject, metrics: ScriptedQueues['metrics'] = {}) => {
    const queues = new ScriptedQueues([0, 1]);
    queues.metrics = metrics;
    const context = contextOf(queues, more);
    const { findings } = await probe(context);
    return remedies.flatMap((remedy) => remedy.propose({ node: context.node, findings, changes: [], series: [] }));
  };

  it('is three times what a message takes, or four times the timeout where that is not known', async () => {
    expect(await proposed({ processingSeconds: 60 })).toMatchObject([
      { action: 'aws-sqs.set-visibility-timeout', parameters: { seconds: 180 } },
    ]);
    const again = {
      'orders NumberOfMessagesReceived': [[at(1), 50]],
      'orders NumberOfMessagesDeleted': [[at(1), 20]],
    } as const;
    expect(await proposed({}, again)).toMatchObject([{ parameters: { seconds: 120 } }]);
    expect(await proposed({})).toEqual([]);
  });
});
