import type { Aspect, Series } from '../../controller/evidence/finding.ts';
import { metricPoints, type MetricStatistic } from '../lib/metric-call.ts';
import type { Point } from '../lib/statistics.ts';
import type { ProbeContext } from '../skill.ts';

interface Metric {
  readonly name: string;
  readonly statistic: MetricStatistic;
  readonly aspect: Aspect;
  readonly unit: string;
}

const metrics = {
  engineCpu: { name: 'EngineCPUUtilization', statistic: 'MAX', aspect: 'Saturation', unit: '%' },
  memory: { name: 'DatabaseMemoryUsagePercentage', statistic: 'MAX', aspect: 'Saturation', unit: '%' },
  connections: { name: 'CurrConnections', statistic: 'MAX', aspect: 'Saturation', unit: 'connections' },
  evictions: { name: 'Evictions', statistic: 'SUM', aspect: 'Errors', unit: 'keys' },
} as const satisfies Record<string, Metric>;

export type CacheMetrics = Readonly<Record<keyof typeof metrics, readonly Point[]>>;

export const noMetrics: CacheMetrics = { engineCpu: [], memory: [], connections: [], evictions: [] };

/** @throws ToolError: they come by one tool, and fail together */
export async function readMetrics({ tools, window, signal }: ProbeContext, cluster: string): Promise<CacheMetrics> {
  const read = ({ name, statistic }: Metric): Promise<readonly Point[]> => {
    const request = { namespace: 'AWS/ElastiCache', name, statistic, dimensions: { CacheClusterId: cluster } };
    return metricPoints(tools, request, window, signal);
  };
  const [engineCpu, memory, connections, evictions] = await Promise.all([
    read(metrics.engineCpu),
    read(metrics.memory),
    read(metrics.connections),
    read(metrics.evictions),
  ]);
  return { engineCpu, memory, connections, evictions };
}

export function metricSeries(node: string, read: CacheMetrics): readonly Series[] {
  return (Object.keys(metrics) as (keyof typeof metrics)[])
    .filter((key) => read[key].length > 0)
    .map((key) => {
      const { name, aspect, unit, statistic } = metrics[key];
      return {
        name,
        node,
        aspect,
        unit,
        points: read[key],
        source: `get_metric_data AWS/ElastiCache ${name} ${statistic}`,
      };
    });
}
