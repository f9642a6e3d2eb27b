import type { Finding, Series } from '../../controller/evidence/finding.ts';
import { percentile, round } from '../lib/statistics.ts';
import type { SkillNode } from '../skill.ts';
import { findingOf } from './finding.ts';
import { httpParameters } from './parameters.ts';
import { isBadStatus, type Sample } from './sample.ts';

/** A single slow sample, such as the first one that has to connect, makes no page slow. */
const leastSlow = 2;

/** The 95th percentile of those that answered, well or not, is above the threshold. */
export function latencyFindings(node: SkillNode, samples: readonly Sample[]): readonly Finding[] {
  const { maxLatencyMs, baselineLatencyMs } = httpParameters(node.with);
  const answered = samples.filter(({ latencyMs }) => latencyMs !== undefined);
  const latencies = answered.map(({ latencyMs = 0 }) => latencyMs);
  const slow = answered.filter(({ latencyMs = 0 }) => latencyMs > maxLatencyMs);
  const p95 = percentile(latencies, 95);
  const [first] = slow;
  if (first === undefined || p95 <= maxLatencyMs || slow.length < Math.min(leastSlow, samples.length)) return [];
  return [
    findingOf(node, {
      reason: 'SlowResponse',
      severity: 'Warning',
      summary: `the 95th percentile of ${answered.length} answers took ${round(p95, 0)} ms${baselineLatencyMs === undefined ? '' : `, usually ${baselineLatencyMs} ms`}`,
      since: first.at,
      value: round(p95, 1),
      threshold: maxLatencyMs,
      unit: 'ms',
      facts: {
        samples: answered.length,
        slow: slow.length,
        p50: round(percentile(latencies, 50), 1),
        p95: round(p95, 1),
        max: round(Math.max(...latencies), 1),
        ...(baselineLatencyMs === undefined ? {} : { baseline: baselineLatencyMs }),
      },
    }),
  ];
}

export function sampleSeries(node: SkillNode, samples: readonly Sample[]): readonly Series[] {
  const { expectStatus, url } = httpParameters(node.with);
  const seconds = ({ at }: Sample): number => at.getTime() / 1000;
  const source = `http_get ${URL.parse(url)?.origin ?? ''}`;
  const latency = samples.flatMap((sample) =>
    sample.latencyMs === undefined ? [] : [[seconds(sample), round(sample.latencyMs, 1)] as const],
  );
  const available = samples.map((sample) => {
    const good = sample.status !== undefined && !isBadStatus(sample, expectStatus) && sample.bodyFits;
    return [seconds(sample), good ? 1 : 0] as const;
  });
  return [
    ...(latency.length === 0
      ? []
      : [{ name: 'latency', node: node.id, aspect: 'Latency' as const, unit: 'ms', points: latency, source }]),
    { name: 'available', node: node.id, aspect: 'Availability', unit: '1', points: available, source },
  ];
}
