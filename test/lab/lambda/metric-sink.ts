import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  type MetricDatum,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { startBatcher } from '../ecs/sinks/batcher.ts';

export interface MetricValue {
  /** Undefined for what is the account's. */
  readonly functionName: string | undefined;
  /** When the function was invoked, in milliseconds since 1970, whenever it is told. */
  readonly at: number;
  readonly metric: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
}

export interface LambdaMetricSink {
  readonly write: (value: MetricValue) => void;
  close(): Promise<void>;
}

/** Statistics of each metric every second, so that a busy function costs CloudWatch no more than a quiet one. */
export function startMetricSink(
  config: Pick<CloudWatchClientConfig, 'endpoint' | 'region' | 'credentials'>,
): LambdaMetricSink {
  const client = new CloudWatchClient(config);
  const send = async (values: readonly MetricValue[]): Promise<void> => {
    const series = Map.groupBy(values, ({ functionName, metric, at }) =>
      [functionName, metric, Math.floor(at / 1000)].join(' '),
    );
    const MetricData = [...series.values()].flatMap((own) => datumOf(own));
    await client.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData }));
  };
  const batcher = startBatcher<MetricValue>({ everyMs: 1000, send, onError: () => undefined });
  return {
    write: (value) => batcher.add([value]),
    close: async () => {
      await batcher.close();
      client.destroy();
    },
  };
}

function datumOf(own: readonly MetricValue[]): MetricDatum[] {
  const [first] = own;
  if (first === undefined) return [];
  const values = own.map(({ value }) => value);
  return [
    {
      MetricName: first.metric,
      Dimensions: first.functionName === undefined ? [] : [{ Name: 'FunctionName', Value: first.functionName }],
      Timestamp: new Date(first.at),
      Unit: first.unit,
      StorageResolution: 1,
      StatisticValues: {
        SampleCount: values.length,
        Sum: values.reduce((sum, value) => sum + value, 0),
        Minimum: Math.min(...values),
        Maximum: Math.max(...values),
      },
    },
  ];
}
