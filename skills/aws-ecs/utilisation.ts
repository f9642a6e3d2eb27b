import type { Finding, Series } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import { median, type Point, round } from '../lib/statistics.ts';
import { memoryUse } from './memory-shape.ts';
import type { EcsSnapshot } from './snapshot.ts';

const saturatedPercent = 90;
/** The latest samples that must all be above it: one spike saturates nothing. */
const sustained = 3;

export function utilisationSeries({ node, utilisation }: EcsSnapshot): readonly Series[] {
  const series = [
    { name: 'MemoryUtilization', points: utilisation.memory },
    { name: 'CPUUtilization', points: utilisation.cpu },
  ];
  return series
    .filter(({ points }) => points.length > 0)
    .map(({ name, points }) => ({
      name,
      node,
      aspect: 'Saturation' as const,
      unit: '%',
      points,
      source: `get_metric_data AWS/ECS ${name} MAX`,
    }));
}

export function utilisationFindings(snapshot: EcsSnapshot): readonly Finding[] {
  const { memory, cpu } = snapshot.utilisation;
  return [
    ...saturation(snapshot, 'MemoryHigh', 'MemoryUtilization', memory),
    ...saturation(snapshot, 'CpuSaturated', 'CPUUtilization', cpu),
  ];
}

function saturation(
  snapshot: EcsSnapshot,
  reason: string,
  metric: string,
  points: readonly Point[],
): readonly Finding[] {
  const latest = points.slice(-sustained);
  if (latest.length < sustained || latest.some(([, value]) => value < saturatedPercent)) return [];
  const start = points[points.findLastIndex(([, value]) => value < saturatedPercent) + 1];
  const level = round(median(latest.map(([, value]) => value)), 1);
  return [
    {
      id: findingId(snapshot.node, `aws-ecs.${reason}`, 'service'),
      node: snapshot.node,
      kind: `aws-ecs.${reason}`,
      severity: 'Warning',
      summary: `${metric} has been at ${level} % or so in its latest samples`,
      ...(start === undefined ? {} : { since: new Date(start[0] * 1000).toISOString() }),
      value: level,
      threshold: saturatedPercent,
      unit: '%',
      source: `get_metric_data AWS/ECS ${metric} MAX`,
      facts: { use: memoryUse(points), ...currentSize(snapshot) },
    },
  ];
}

function currentSize({ definitions, service }: EcsSnapshot): { memory: number | null; cpu: number | null } {
  const definition = definitions.find((one) => one.arn === service.taskDefinition);
  const container = definition?.containers.find((one) => one.essential);
  return { memory: container?.memory ?? definition?.memory ?? null, cpu: definition?.cpu ?? container?.cpu ?? null };
}
