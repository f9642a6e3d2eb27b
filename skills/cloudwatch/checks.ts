import { GapList } from '../lib/gaps.ts';
import { numberOf } from '../lib/reading.ts';
import { round } from '../lib/statistics.ts';
import type { Window } from '../lib/time.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { type Counts, countTraffic, sumIn, toItsEnd } from './counts.ts';
import { errorsPerMillion } from './error-rate.ts';
import { settingsOf } from './parameters.ts';

const defaults = { maxErrorsPerMillion: 10_000, minRequests: 10 };

/**
 * Errors of a million requests since the act, at most `maxErrorsPerMillion`. Without at least `minRequests` requests (of log
 * lines, where nothing tells requests) it is inconclusive.
 */
export const errorRate: Check = { name: 'error-rate', run };

async function run(context: CheckContext): Promise<CheckResult> {
  const settings = settingsOf(context.node.with);
  const gaps = new GapList(context.node.id, context.signal);
  const counts = await countTraffic(context, settings, context.window, gaps);
  const [gap] = gaps.list();
  if (gap !== undefined) return result(context, 'Inconclusive', `could not read ${gap.what}: ${gap.reason}`);
  if (counts === undefined)
    return result(context, 'Inconclusive', 'neither logs nor metrics that count requests are configured');
  return judge(context, counts);
}

function judge(context: CheckContext, counts: Counts): CheckResult {
  const { thresholds } = context;
  const window = asAsked(context, counts);
  const limit = numberOf(thresholds['maxErrorsPerMillion']) ?? defaults.maxErrorsPerMillion;
  const fewest = numberOf(thresholds['minRequests']) ?? defaults.minRequests;
  const requests = sumIn(counts.requests, window);
  const errors = sumIn(counts.errors, window);
  const what = counts.by === 'Lines' ? 'log lines' : 'requests';
  const rate = errorsPerMillion(counts, window);
  if (rate === undefined || requests < fewest) {
    return result(context, 'Inconclusive', `${requests} ${what} since the act, at least ${fewest} are needed`);
  }
  const summary = `${errors} errors in ${requests} ${what} since the act`;
  const measured = { value: round(rate, 0), threshold: limit, unit: `errors per million ${what}` };
  return { ...result(context, rate <= limit ? 'Pass' : 'Fail', summary), ...measured };
}

/** The window alone was asked for, so its first bin counts although it begins before it. */
function asAsked({ window }: CheckContext, counts: Counts): Window {
  return toItsEnd({ from: new Date(window.from.getTime() - counts.binSeconds * 1000), to: window.to }, counts);
}

function result({ node }: CheckContext, verdict: CheckResult['verdict'], summary: string): CheckResult {
  return { name: 'error-rate', node: node.id, verdict, summary: summary.slice(0, 500) };
}
