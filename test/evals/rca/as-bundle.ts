import type { EvidenceBundle, GraphNode, Role } from '../../../controller/evidence/bundle.ts';
import type { Aspect, Series } from '../../../controller/evidence/finding.ts';
import type { Point } from '../../../skills/lib/statistics.ts';
import { seenBy } from '../seen-by.ts';
import type { RcaCase } from './read.ts';

/** Where the symptom is said to show: something that calls every service. No service is called so, as names of columns have no slash. */
const entry = '/';

/** What a sweep would have frozen that knows nothing of who calls whom. */
export function bundleOf({ services, since }: Pick<RcaCase, 'services' | 'since'>): EvidenceBundle {
  const names = [...services.keys()];
  const times = [...services.values()].flatMap((metrics) =>
    [...metrics.values()].flatMap((points) => [points[0]?.[0] ?? since, points.at(-1)?.[0] ?? since]),
  );
  const [from, to] = [isoOf(Math.min(...times)), isoOf(Math.max(...times))];
  return {
    formatVersion: 1,
    session: { name: 'eval', uid: 'eval', iteration: 1, startedAt: to },
    capturedAt: to,
    window: { from, to },
    symptom: { description: 'not as it was', node: entry, since: isoOf(since) },
    graph: {
      nodes: [nodeOf(entry, entry), ...names.flatMap((name) => [nodeOf(name, name), nodeOf(partOf(name), name)])],
      edges: names.flatMap((name) => [
        { from: entry, to: name, kind: 'Calls' } as const,
        { from: name, to: partOf(name), kind: 'ConsistsOf' } as const,
      ]),
    },
    nodes: names.map((name) => {
      const series = [...(services.get(name) ?? [])].flatMap(([metric, points]) =>
        seriesOf(name, metric, points, since),
      );
      return seenBy(partOf(name), series, 'the rows since the moment');
    }),
    leftOut: [],
  };
}

function nodeOf(id: string, service: string): GraphNode {
  const role: Role = id === service ? 'Service' : 'Self';
  const type = role === 'Service' ? 'service' : 'compute';
  const skill = role === 'Service' ? '' : 'metrics';
  const topology = `eval/${service}`;
  return { id, name: id, type, role, topology, listedBy: [topology], service, skill, with: {}, identity: id };
}

function partOf(service: string): string {
  return `${service}/metrics`;
}

/** What a metric's name says of it, as a skill would: whatever tells neither of calls nor of time is of what is used up. */
const aspects: readonly (readonly [RegExp, Aspect])[] = [
  [/latency|duration|delay|response|elapsed/i, 'Latency'],
  [/error|fail|exception|5xx|4xx/i, 'Errors'],
  [/availab|success/i, 'Availability'],
  [/workload|request|traffic|throughput|rps|qps|tps/i, 'Traffic'],
];

function seriesOf(service: string, metric: string, points: readonly Point[], since: number): readonly Series[] {
  if ((points.at(-1)?.[0] ?? -Infinity) < since) return [];
  const aspect = aspects.find(([name]) => name.test(metric))?.[1] ?? 'Saturation';
  const node = partOf(service);
  return [{ name: metric, node, aspect, unit: '', points: thinned(points, since), source: 'csv' }];
}

/** A bundle holds no more of a series. */
const mostPoints = 360;

/** Means over equal numbers of points, none across the moment: as a source answers that is asked for so many points. */
function thinned(points: readonly Point[], since: number): readonly Point[] {
  const size = Math.ceil(points.length / (mostPoints - 2));
  const split = points.findIndex(([at]) => at >= since);
  const parts = split < 0 ? [points] : [points.slice(0, split), points.slice(split)];
  return parts.flatMap((part) =>
    Array.from({ length: Math.ceil(part.length / size) }, (_, index): Point => {
      const bin = part.slice(index * size, (index + 1) * size);
      return [bin[0]?.[0] ?? since, bin.reduce((sum, [, value]) => sum + value, 0) / bin.length];
    }),
  );
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
