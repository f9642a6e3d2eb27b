import type { ProbeResult } from '../../controller/evidence/finding.ts';
import { GapList } from '../lib/gaps.ts';
import { configuredPeers, withPeers } from '../lib/peers.ts';
import type { ProbeContext } from '../skill.ts';
import { readSharedPool } from './account.ts';
import { changeFindings, configurationChanges } from './changes.ts';
import { lambdaFindings } from './findings.ts';
import { readFunction } from './function.ts';
import { logTemplates, noLines, readLines } from './log-lines.ts';
import { metricSeries, noMetrics, readEarlierDurations, readMetrics } from './metrics.ts';
import { identity, settingsOf } from './parameters.ts';

/** Looks at one function. @throws when not even its configuration can be read: then nothing is known of it */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const { node, tools, window, signal } = context;
  const settings = settingsOf(node.with);
  const gaps = new GapList(node.id, signal);
  const reading = readFunction(tools, settings.name, signal);
  const [fn, pool, earlierDurations, metrics, logs] = await Promise.all([
    reading,
    reading.then((fn) => gaps.orGap("the account's concurrency", readSharedPool(context, fn), undefined)),
    reading.then((fn) => gaps.orGap('how long it took before', readEarlierDurations(context, fn), [])),
    gaps.orGap('metrics of the function', readMetrics(context), noMetrics),
    gaps.orGap('logs of the function', readLines(context), noLines),
  ]);
  if (fn.versions.length === 0) gaps.add('earlier configurations', 'no published version could be read');
  const look = { node: node.id, settings, fn, pool, metrics, earlierDurations, logs };
  return {
    findings: [...lambdaFindings(look), ...changeFindings(node.id, fn, window)],
    series: metricSeries(node.id, metrics),
    changes: configurationChanges(node.id, fn),
    logTemplates: logTemplates(logs),
    gaps: gaps.list(),
    ...withPeers(configuredPeers(fn.live.environment)),
    identity: identity(node.with) ?? node.id,
  };
}
