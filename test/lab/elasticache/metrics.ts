import { setTimeout as delay } from 'node:timers/promises';
import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { createClient } from 'redis';
import type { AwsClientConfig } from '../parts/moto.ts';

export interface CacheMetricsOptions {
  readonly clientConfig: AwsClientConfig;
  readonly redisUrl: string;
  readonly cluster: string;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const everyMs = 5000;

/** What INFO says, by its own names. */
type Info = Readonly<Record<string, number>>;

/** Tells CloudWatch every few seconds how the Redis of a cluster is, as ElastiCache does every minute. */
export async function publishMetrics({ clientConfig, redisUrl, cluster, signal }: CacheMetricsOptions): Promise<void> {
  const cloudwatch = new CloudWatchClient(clientConfig);
  const redis = createClient({ url: redisUrl });
  // One that is away tells nothing.
  redis.on('error', () => undefined);
  await redis.connect();
  const publish = async (): Promise<void> => {
    let before = infoIn(await redis.info());
    for (;;) {
      await delay(everyMs, undefined, { signal });
      const now = infoIn(await redis.info());
      const MetricData = metricsOf(before, now, cluster);
      await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'AWS/ElastiCache', MetricData }));
      before = now;
    }
  };
  signal.addEventListener('abort', () => (redis.destroy(), cloudwatch.destroy()), { once: true });
  void publish().catch(() => undefined);
}

function infoIn(text: string): Info {
  const lines = text.split('\r\n').map((line) => line.split(':'));
  return Object.fromEntries(lines.map(([name = '', value = '']) => [name, Number.parseFloat(value)]));
}

function metricsOf(before: Info, now: Info, cluster: string): MetricDatum[] {
  const at = (name: string): number => now[name] ?? 0;
  const grown = (name: string): number => at(name) - (before[name] ?? 0);
  const cpuSeconds = grown('used_cpu_user') + grown('used_cpu_sys');
  const values: Readonly<Record<string, number>> = {
    EngineCPUUtilization: (cpuSeconds / (everyMs / 1000)) * 100,
    DatabaseMemoryUsagePercentage: at('maxmemory') === 0 ? 0 : (at('used_memory') / at('maxmemory')) * 100,
    CurrConnections: at('connected_clients'),
    Evictions: grown('evicted_keys'),
  };
  const Dimensions = [{ Name: 'CacheClusterId', Value: cluster }];
  return Object.entries(values).map(([MetricName, Value]) => ({
    MetricName,
    Value,
    Dimensions,
    Timestamp: new Date(),
  }));
}
