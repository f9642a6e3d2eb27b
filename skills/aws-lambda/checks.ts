import { numberOf } from '../lib/reading.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { readMetrics, sum } from './metrics.ts';
import { settingsOf } from './parameters.ts';

/** Calls since the act went through: of invocations and throttles no more than `maxErrorsPerMillion` failed. */
export const invocationsOk: Check = { name: 'invocations-ok', run };

async function run(context: CheckContext): Promise<CheckResult> {
  const { node, thresholds } = context;
  const threshold = numberOf(thresholds['maxErrorsPerMillion']) ?? settingsOf(node.with).maxErrorsPerMillion;
  const metrics = await readMetrics(context);
  const [throttles, errors] = [sum(metrics.throttles), sum(metrics.errors)];
  const calls = sum(metrics.invocations) + throttles;
  const name = 'invocations-ok';
  if (calls === 0) {
    return {
      name,
      node: node.id,
      verdict: 'Inconclusive',
      summary: 'no whole period of the metrics since the act has a call',
    };
  }
  const value = Math.round(((errors + throttles) / calls) * 1_000_000);
  const summary = `of ${calls} calls since the act ${errors} failed and ${throttles} were throttled`;
  const verdict = value <= threshold ? 'Pass' : 'Fail';
  return { name, node: node.id, verdict, summary, value, threshold, unit: 'errors per million' };
}
