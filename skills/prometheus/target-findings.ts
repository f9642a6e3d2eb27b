import type { Finding, Series } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import type { GapList } from '../lib/gaps.ts';
import { listOf, objectOf, textOf } from '../lib/reading.ts';
import type { ProbeContext } from '../skill.ts';
import { call, type LabelledPoints, nameOf, type RangePoints, rangeOf, rangeTool, targetsTool } from './calls.ts';
import { type Labels, selectorOf } from './parameters.ts';

/** A single scrape may fail by the scraper's own haste. */
const fewestFailed = 2;

/** Scrapes of this node's targets in the window: 1 for one that succeeded. A gap where there are none. */
export async function readTargets(
  context: ProbeContext,
  labels: Labels,
  gaps: GapList,
): Promise<readonly RangePoints[]> {
  const read = await gaps.orGap('targets', rangeOf(context, `up${selectorOf(labels)}`, context.window), undefined);
  if (read?.length === 0) gaps.add('targets', 'none has these labels');
  return read ?? [];
}

export function targetSeries(node: string, targets: readonly LabelledPoints[]): readonly Series[] {
  return targets.map(({ labels, points }) => ({
    name: `up ${nameOf(labels)}`,
    node,
    aspect: 'Availability',
    unit: '1',
    points,
    source: sourceOf(labels),
  }));
}

/** Targets whose newest two scrapes or more failed, with the scraper's own words for why. */
export async function targetFindings(
  context: ProbeContext,
  targets: readonly RangePoints[],
  gaps: GapList,
): Promise<readonly Finding[]> {
  const from = context.window.from.getTime() / 1000;
  const down = targets.flatMap(({ labels, points, ended }) => {
    if (ended) return [];
    const now = points.filter(([time]) => time >= from);
    const run = now.slice(now.findLastIndex(([, up]) => up > 0) + 1);
    return run[0] === undefined || run.length < Math.min(fewestFailed, now.length)
      ? []
      : [{ labels, since: new Date(run[0][0] * 1000), scrapes: run.length }];
  });
  if (down.length === 0) return [];
  const errors = await gaps.orGap('errors of scrapes', scrapeErrors(context), new Map<string, string>());
  return down.map((target) => findingOf(context.node.id, target, errors.get(nameOf(target.labels))));
}

/** By the labels of the target. */
async function scrapeErrors(context: ProbeContext): Promise<ReadonlyMap<string, string>> {
  const answer = await call(context, targetsTool, { state: 'active' });
  const targets = listOf(answer['activeTargets']).map(objectOf);
  return new Map(
    targets.map(({ labels, lastError }) => [nameOf(objectOf(labels) as Labels), textOf(lastError) ?? ''] as const),
  );
}

interface Down {
  readonly labels: Labels;
  readonly since: Date;
  readonly scrapes: number;
}

function findingOf(node: string, { labels, since, scrapes }: Down, error = ''): Finding {
  const kind = 'prometheus.TargetDown';
  const why = error === '' ? '' : `: ${error}`;
  return {
    id: findingId(node, kind, nameOf(labels)),
    node,
    kind,
    severity: 'Warning',
    summary: `the newest ${scrapes} samples of ${nameOf(labels)} say that it cannot be scraped${why}`.slice(0, 500),
    since: since.toISOString(),
    value: 0,
    threshold: 1,
    unit: 'up',
    source: sourceOf(labels),
    facts: { labels: { ...labels }, error: error.slice(0, 300) },
  };
}

function sourceOf(labels: Labels): string {
  return `${rangeTool} up${selectorOf(labels)}`.slice(0, 500);
}
