import { CloudWatchClient, PutMetricDataCommand, type MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { MetricPoint } from '../metrics/metric-point.ts';
import { startBatcher } from './batcher.ts';
import type { MotoSinkOptions } from './moto-log-sink.ts';

/** PutMetricData takes at most 1,000 metrics and, of each, 150 values. */
const maxMetrics = 500;

export interface MotoMetricSink {
  /** For the `metricSink` of `startEcs`. */
  readonly write: (points: readonly MetricPoint[]) => void;
  /** Resolves when all that was written before is in CloudWatch. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Sends measurements to CloudWatch every second: one value a task, so that Minimum, Maximum and Average mean what they do in ECS. */
export function motoMetricSink({ clientConfig, everyMs = 1000, onError = ignore }: MotoSinkOptions): MotoMetricSink {
  const client = new CloudWatchClient(clientConfig);
  const send = async (points: readonly MetricPoint[]): Promise<void> => {
    for (let from = 0; from < points.length; from += maxMetrics) {
      const MetricData = points.slice(from, from + maxMetrics).map(datum);
      await client.send(new PutMetricDataCommand({ Namespace: 'AWS/ECS', MetricData }));
    }
  };
  const batcher = startBatcher<MetricPoint>({ everyMs, send, onError });
  const close = async (): Promise<void> => {
    await batcher.close();
    client.destroy();
  };
  return { write: (points) => batcher.add(points), flush: () => batcher.flush(), close };
}

function datum({ metricName, dimensions, timestamp, unit, values }: MetricPoint): MetricDatum {
  return {
    MetricName: metricName,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Timestamp: timestamp,
    Unit: unit,
    Values: [...values],
    Counts: values.map(() => 1),
    StorageResolution: 1,
  };
}

const ignore = (): void => undefined;
