import { GapList } from '../lib/gaps.ts';
import { isDefined } from '../lib/reading.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { settingsOf, type WatchedQuery } from './parameters.ts';
import { beyond, readQuery, subjectOf, told } from './query-findings.ts';

/**
 * The newest samples since the act are within each query's threshold. What has none is not judged: the time just before an act is
 * no baseline. A query without samples since the act is inconclusive.
 */
export const withinThreshold: Check = { name: 'within-threshold', run };

async function run(context: CheckContext): Promise<CheckResult> {
  const watched = settingsOf(context.node.with).queries.filter(({ threshold }) => threshold !== undefined);
  if (watched.length === 0) return result(context, 'NotRun', 'no query has a threshold');
  const judged = await Promise.all(watched.map((one) => judge(context, one)));
  const failed = judged.find(({ verdict }) => verdict === 'Fail');
  const open = judged.find(({ verdict }) => verdict === 'Inconclusive');
  return failed ?? open ?? { ...(judged[0] as CheckResult), summary: judged.map(({ summary }) => summary).join('; ') };
}

async function judge(context: CheckContext, watched: WatchedQuery): Promise<CheckResult> {
  const { window, node, signal } = context;
  const gaps = new GapList(node.id, signal);
  const { threshold = 0, name, unit } = watched;
  const read = (await readQuery(context, watched, window, gaps)).filter(({ ended }) => !ended);
  const [gap] = gaps.list();
  if (gap !== undefined) return result(context, 'Inconclusive', `${gap.what}: ${gap.reason}`);
  const crossed = read.find((series) => beyond(series, window, threshold).length > 0);
  const shown = crossed ?? read[0];
  const value = shown?.points.at(-1)?.[1];
  if (shown === undefined || !isDefined(value)) return result(context, 'Inconclusive', `${name} has no samples`);
  const bound = watched.worse === 'Up' ? 'at most' : 'at least';
  const summary = `${subjectOf(watched, shown.labels)} is ${told(value, watched)}, ${bound} ${told(threshold, watched)} is allowed`;
  const measured = { value, threshold, ...(unit === '' ? {} : { unit }) };
  return { ...result(context, crossed === undefined ? 'Pass' : 'Fail', summary), ...measured };
}

function result({ node }: CheckContext, verdict: CheckResult['verdict'], summary: string): CheckResult {
  return { name: withinThreshold.name, node: node.id, verdict, summary: summary.slice(0, 500) };
}
