import type { ProbeResult } from '../../controller/evidence/finding.ts';
import { GapList } from '../lib/gaps.ts';
import type { ProbeContext } from '../skill.ts';
import { alertFindings } from './alert-findings.ts';
import { identity, settingsOf } from './parameters.ts';
import { queryFindings, querySeries, readQuery } from './query-findings.ts';
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
  const { queries, alerts, targets } = settings;
  const span = { from: new Date(window.from.getTime() - settings.baselineSeconds * 1000), to: window.to };
  const gaps = new GapList(node.id, signal);
  const [read, firing, scraped] = await Promise.all([
    Promise.all(queries.map((watched) => readQuery(context, watched, span, gaps))),
    alerts === undefined ? [] : gaps.orGap('alerts', alertFindings(context, alerts, gaps), undefined),
    targets === undefined ? [] : readTargets(context, targets, gaps),
  ]);
  if (read.flat().length === 0 && (alerts === undefined || firing === undefined) && scraped.length === 0)
    throw new NothingAnsweredError(gaps.list()[0]?.reason ?? 'nothing was asked');
  return {
    findings: [
      ...queryFindings(node.id, read.flat(), window),
      ...(firing ?? []),
      ...(await targetFindings(context, scraped, gaps)),
    ],
    series: [...querySeries(node.id, read.flat()), ...targetSeries(node.id, scraped)],
    changes: [],
    logTemplates: [],
    gaps: gaps.list(),
    identity: identity(node.with) ?? node.id,
  };
}
