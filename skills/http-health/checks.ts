import { numberOf } from '../lib/reading.ts';
import { percentile, round } from '../lib/statistics.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { latencyFindings } from './latency.ts';
import { httpParameters } from './parameters.ts';
import { isBadStatus, takeSamples } from './sample.ts';

/** The page answers as it should, now: errors are within `maxErrorsPerMillion` of the map, and it is not slow. */
export const healthy: Check = { name: 'healthy', run };

async function run(context: CheckContext): Promise<CheckResult> {
  const { node, thresholds } = context;
  const parameters = httpParameters(node.with);
  const threshold = numberOf(thresholds['maxErrorsPerMillion']) ?? 0;
  const samples = await takeSamples(context, parameters);
  const failed = samples.filter(
    (sample) => sample.status === undefined || isBadStatus(sample, parameters.expectStatus) || !sample.bodyFits,
  );
  const errors = Math.round((failed.length / samples.length) * 1_000_000);
  const [slow] = latencyFindings(node, samples);
  const p95 = percentile(
    samples.flatMap(({ latencyMs }) => latencyMs ?? []),
    95,
  );
  const words = Number.isNaN(p95) ? '' : `, 95th percentile ${round(p95, 0)} ms of ${parameters.maxLatencyMs} ms`;
  return {
    name: healthy.name,
    node: node.id,
    verdict: errors > threshold || slow !== undefined ? 'Fail' : 'Pass',
    summary: `${samples.length - failed.length} of ${samples.length} requests were answered well${words}`,
    value: errors,
    threshold,
    unit: 'errors per million',
  };
}
