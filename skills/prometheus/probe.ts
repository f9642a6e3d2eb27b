import type { ProbeResult } from '../../controller/evidence/finding.ts';
import { GapList } from '../lib/gaps.ts';
import { trafficPeers, withPeers } from '../lib/peers.ts';
import { usualTime, type Window, withLead } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import { alertFindings } from './alert-findings.ts';
import { identity, type PrometheusSettings, settingsOf } from './parameters.ts';
import { queryFindings, querySeries, readQuery, type ReadSeries } from './query-findings.ts';
import { readTargets, targetFindings, targetSeries } from './target-findings.ts';

/** Nothing that was asked was answered: the node's health is unknown, which is not the same as well. */
export class NothingAnsweredError extends Error {
  constructor(reason: string) {
    super(`Prometheus answered nothing: ${reason}`);
    this.name = 'NothingAnsweredError';
  }
}

/** Asks Prometheus all that the node is watched by. @throws NothingAnsweredError */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const { node, window, signal } = context;
  const settings = settingsOf(node.with);
  const { alerts, targets } = settings;
  const gaps = new GapList(node.id, signal);
  const [read, usual, firing, scraped] = await Promise.all([
    readQueries(context, settings, withLead(window, settings.baselineSeconds), gaps),
    readUsual(context, settings, gaps.of('what is normal')),
    alerts === undefined ? [] : gaps.orGap('alerts', alertFindings(context, alerts, gaps), undefined),
    targets === undefined ? [] : readTargets(context, targets, gaps),
  ]);
  if (read.length === 0 && (alerts === undefined || firing === undefined) && scraped.length === 0)
    throw new NothingAnsweredError(gaps.list()[0]?.reason ?? 'nothing was asked');
  return {
    findings: [
      ...queryFindings(node.id, read, window, usual),
      ...(firing ?? []),
      ...(await targetFindings(context, scraped, gaps)),
    ],
    series: [...querySeries(node.id, read), ...targetSeries(node.id, scraped)],
    changes: [],
    logTemplates: [],
    gaps: gaps.list(),
    ...withPeers(trafficPeers(read.map(({ labels }) => labels))),
    identity: identity(node.with) ?? node.id,
  };
}

/** What is normal, where that is not told by the time right before the window. */
async function readUsual(
  context: ProbeContext,
  settings: PrometheusSettings,
  gaps: GapList,
): Promise<readonly ReadSeries[] | undefined> {
  const { window } = context;
  if (window.normalUntil === undefined) return undefined;
  return readQueries(context, settings, usualTime(window, settings.baselineSeconds), gaps);
}

async function readQueries(
  context: ProbeContext,
  { queries }: PrometheusSettings,
  span: Window,
  gaps: GapList,
): Promise<readonly ReadSeries[]> {
  const read = await Promise.all(queries.map((watched) => readQuery(context, watched, span, gaps)));
  return read.flat();
}
