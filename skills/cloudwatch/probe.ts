import type { LogTemplate, ProbeResult } from '../../controller/evidence/finding.ts';
import { GapList } from '../lib/gaps.ts';
import { secondsBetween, usualTime, type Window, withLead } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import { alarmFindings } from './alarm-findings.ts';
import { type Counts, countTraffic } from './counts.ts';
import { type ErrorTemplates, errorTemplates, mostLines } from './error-lines.ts';
import { allowedErrors, errorRateFindings, trafficSeries } from './error-rate.ts';
import { anomalyFindings, metricSeries, type ReadMetric, readMetrics } from './metric-findings.ts';
import { type CloudWatchSettings, identity, settingsOf } from './parameters.ts';
import { newTemplateFindings, stackFindings } from './template-findings.ts';

const mostTemplates = 30;

/** Nothing of what the node is watched by could be read. */
export class NothingReadError extends Error {
  constructor(reason: string) {
    super(`neither logs nor metrics could be read: ${reason}`);
    this.name = 'NothingReadError';
  }
}

/** Looks at a node's logs and metrics. @throws NothingReadError */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const { node, window, signal } = context;
  const settings = settingsOf(node.with);
  const usual = usualTime(window, settings.baselineSeconds);
  const span = withLead(window, settings.baselineSeconds);
  const gaps = new GapList(node.id, signal);
  const [counts, metrics, usually, errors, before, alarms] = await Promise.all([
    countTraffic(context, settings, span, gaps),
    readMetrics(context, settings, span, gaps),
    readUsual(context, settings, span, gaps.of('what is normal')),
    templates(context, settings, window, 'error lines of the window', gaps),
    templates(context, settings, usual, 'error lines before the window', gaps),
    gaps.orGap('alarms', alarmFindings(context, settings, gaps), []),
  ]);
  failIfBlind(settings, gaps);
  const source = `execute_log_insights_query ${settings.logGroups.join(', ')}`;
  const seen = {
    node: node.id,
    source,
    templates: errors?.templates ?? [],
    known: before === undefined ? undefined : new Set(before.templates.map(({ template }) => template)),
    allowed: counts === undefined ? 0 : allowedErrors(settings, counts, window),
  };
  return {
    findings: [
      ...(counts === undefined
        ? []
        : errorRateFindings(node.id, settings, counts, window, { counts: usually?.counts ?? counts, window: usual })),
      ...newTemplateFindings(seen),
      ...stackFindings(seen),
      ...anomalyFindings(node.id, metrics, window, usually?.metrics),
      ...alarms,
    ],
    series: [
      ...(counts === undefined ? [] : trafficSeries(node.id, settings, counts)),
      ...metricSeries(node.id, metrics),
    ],
    changes: [],
    logTemplates: seen.templates.slice(0, mostTemplates).map(withoutFrame),
    gaps: gaps.list(),
    identity: identity(node.with) ?? node.id,
  };
}

/** What is normal, where that is not told by the time right before the window. */
async function readUsual(
  context: ProbeContext,
  settings: CloudWatchSettings,
  span: Window,
  gaps: GapList,
): Promise<{ readonly counts: Counts | undefined; readonly metrics: readonly ReadMetric[] } | undefined> {
  const { window } = context;
  if (window.normalUntil === undefined) return undefined;
  const [counts, metrics] = await Promise.all([
    countTraffic(context, settings, usualTime(window, settings.baselineSeconds), gaps),
    // CloudWatch chooses a metric's period by the length of the time: sums are compared with sums of as long a period.
    readMetrics(context, settings, usualTime(window, secondsBetween(span.from, span.to)), gaps),
  ]);
  return { counts, metrics };
}

async function templates(
  context: ProbeContext,
  settings: CloudWatchSettings,
  window: Window,
  what: string,
  gaps: GapList,
): Promise<ErrorTemplates | undefined> {
  if (settings.logGroups.length === 0) return { templates: [], cut: false };
  const read = await gaps.orGap(what, errorTemplates(context, settings, window), undefined);
  if (read?.cut === true) gaps.add(`most ${what}`, `more than ${mostLines}: the oldest and the newest were read`);
  return read;
}

/** Every read has left a gap: the node's health is unknown, which is not the same as well. */
function failIfBlind({ logGroups, metrics }: CloudWatchSettings, gaps: GapList): void {
  const missing = new Set(gaps.list().map(({ what }) => what));
  const logsSeen = logGroups.length > 0 && !missing.has('error lines of the window');
  const metricsSeen = metrics.some(({ name }) => !missing.has(`metric ${name}`));
  if (!logsSeen && !metricsSeen) throw new NothingReadError(gaps.list()[0]?.reason ?? 'nothing is configured');
}

function withoutFrame({ template, level, count, firstAt, lastAt, sample }: LogTemplate): LogTemplate {
  return { template, level, count, firstAt, lastAt, sample };
}
