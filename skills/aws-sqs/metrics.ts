import type { Aspect, Series } from '../../controller/evidence/finding.ts';
import type { GapList } from '../lib/gaps.ts';
import { metricPoints, type MetricStatistic } from '../lib/metric-call.ts';
import type { Point } from '../lib/statistics.ts';
import type { ProbeContext } from '../skill.ts';

/** Points of CloudWatch, empty where it has none. */
export interface QueueMetrics {
  readonly depth: readonly Point[];
  /** Seconds. */
  readonly age: readonly Point[];
  readonly sent: readonly Point[];
  readonly received: readonly Point[];
  readonly deleted: readonly Point[];
  readonly deadLetters: readonly Point[];
  /** Seconds that the oldest has been in the dead-letter queue: SQS counts from its move there. */
  readonly deadAge: readonly Point[];
}

const sources = {
  depth: { name: 'ApproximateNumberOfMessagesVisible', statistic: 'MAX', aspect: 'Saturation', unit: 'messages' },
  age: { name: 'ApproximateAgeOfOldestMessage', statistic: 'MAX', aspect: 'Latency', unit: 's' },
  sent: { name: 'NumberOfMessagesSent', statistic: 'SUM', aspect: 'Traffic', unit: 'messages' },
  received: { name: 'NumberOfMessagesReceived', statistic: 'SUM', aspect: 'Traffic', unit: 'messages' },
  deleted: { name: 'NumberOfMessagesDeleted', statistic: 'SUM', aspect: 'Traffic', unit: 'messages' },
} as const satisfies Record<string, MetricOf & { aspect: Aspect; unit: string }>;

interface MetricOf {
  readonly name: string;
  readonly statistic: MetricStatistic;
}

/** Reads the queue's metrics. All of them failing is one gap: they come by one tool. */
export async function readMetrics(
  context: ProbeContext,
  queue: string,
  dlq: string | undefined,
  gaps: GapList,
): Promise<QueueMetrics> {
  const read = ({ name, statistic }: MetricOf, of: string): Promise<readonly Point[]> => {
    const request = { namespace: 'AWS/SQS', name, statistic, dimensions: { QueueName: of } };
    return metricPoints(context.tools, request, context.window, context.signal);
  };
  const all = async (): Promise<QueueMetrics> => {
    const [depth, age, sent, received, deleted, deadLetters, deadAge] = await Promise.all([
      read(sources.depth, queue),
      read(sources.age, queue),
      read(sources.sent, queue),
      read(sources.received, queue),
      read(sources.deleted, queue),
      dlq === undefined ? [] : read(sources.depth, dlq),
      dlq === undefined ? [] : read(sources.age, dlq),
    ]);
    return { depth, age, sent, received, deleted, deadLetters, deadAge };
  };
  return gaps.orGap('metrics of the queue', all(), none);
}

const none: QueueMetrics = { depth: [], age: [], sent: [], received: [], deleted: [], deadLetters: [], deadAge: [] };

export function queueSeries(node: string, metrics: QueueMetrics): readonly Series[] {
  return (Object.keys(sources) as (keyof typeof sources)[])
    .filter((key) => metrics[key].length > 0)
    .map((key) => {
      const { name, aspect, unit, statistic } = sources[key];
      return { name, node, aspect, unit, points: metrics[key], source: `get_metric_data AWS/SQS ${name} ${statistic}` };
    });
}
