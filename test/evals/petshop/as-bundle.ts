import type { EvidenceBundle, GraphEdge, GraphNode, NodeEvidence, Role } from '../../../controller/evidence/bundle.ts';
import type { Aspect, Series } from '../../../controller/evidence/finding.ts';
import type { Point } from '../../../skills/lib/statistics.ts';
import { seenBy } from '../seen-by.ts';
import type { Sight } from './rank.ts';
import type { DataSet, Metrics } from './read.ts';

/** What a sweep at that moment would have frozen, as far as the data set tells it. */
export function bundleOf({ calls, normal, window, target }: Sight): EvidenceBundle {
  const nodes = nodesIn(calls);
  const [from, to] = spanOf(window);
  return {
    formatVersion: 1,
    session: { name: 'eval', uid: 'eval', iteration: 1, startedAt: isoOf(to) },
    capturedAt: isoOf(to),
    window: { from: isoOf(from), to: isoOf(to) },
    symptom: {
      description: `${target.metric} of ${target.node}`,
      node: target.node,
      since: isoOf(target.timestamp),
      labels: { aspect: aspects[target.metric] ?? '' },
    },
    graph: { nodes: nodes.flatMap(nodesOf), edges: nodes.flatMap((name) => edgesOf(name, calls)) },
    nodes: nodes.map((name) => evidenceOf(name, normal, window)),
    leftOut: [],
  };
}

const aspects: Readonly<Record<string, Aspect>> = {
  latency: 'Latency',
  availability: 'Availability',
  requests: 'Traffic',
};
const units: Readonly<Record<string, string>> = { latency: 's', availability: '%', requests: 'requests' };

/** What can be at fault: whatever the graph names but views. */
export function nodesIn(calls: DataSet['calls']): readonly string[] {
  return [...new Set([...calls.keys(), ...[...calls.values()].flat()])].filter((name) => !isView(name));
}

/** Node names end in the kind of thing that was observed: these are a caller's view of a call, not what answers it. */
function isView(name: string): boolean {
  return name.endsWith('_remote') || name.endsWith('_client');
}

function nodesOf(name: string): readonly GraphNode[] {
  const node = (id: string, role: Role, skill: string): GraphNode => ({
    id,
    name: id,
    type: role === 'Service' ? 'service' : 'compute',
    role,
    topology: `eval/${name}`,
    listedBy: [`eval/${name}`],
    service: name,
    skill,
    with: {},
    identity: id,
  });
  return [node(name, 'Service', ''), node(partOf(name), 'Self', 'metrics')];
}

function edgesOf(name: string, calls: DataSet['calls']): readonly GraphEdge[] {
  const callees = (calls.get(name) ?? []).filter((callee) => !isView(callee) && callee !== name);
  return [
    { from: name, to: partOf(name), kind: 'ConsistsOf' },
    ...callees.map((callee): GraphEdge => ({ from: name, to: callee, kind: 'Calls' })),
  ];
}

function partOf(name: string): string {
  return `${name}/metrics`;
}

/** A bundle holds no more of a series. */
const mostPoints = 360;

function evidenceOf(name: string, normal: Metrics, window: Metrics): NodeEvidence {
  const shift = shiftOf(normal, window);
  const node = partOf(name);
  const series = ['latency', 'availability', 'requests'].flatMap((metric): Series[] => {
    const usual = (normal.get(name)?.get(metric) ?? []).map(([at, value]): Point => [at + shift, value]);
    const then = window.get(name)?.get(metric) ?? [];
    const points = [...usual, ...then].slice(-mostPoints);
    const aspect = aspects[metric];
    if (then.length === 0 || aspect === undefined) return [];
    return [{ name: metric, node, aspect, unit: units[metric] ?? '', points, source: 'metrics.csv' }];
  });
  return seenBy(node, series, 'the window');
}

const daySeconds = 86_400;

/** Normal operation was recorded at another time; it is laid before the window, a day apart, so that nothing joins up. */
function shiftOf(normal: Metrics, window: Metrics): number {
  return spanOf(window)[0] - daySeconds - spanOf(normal)[1];
}

function spanOf(metrics: Metrics): readonly [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const series of metrics.values()) {
    for (const points of series.values()) {
      first = Math.min(first, points[0]?.[0] ?? first);
      last = Math.max(last, points.at(-1)?.[0] ?? last);
    }
  }
  return [first, last];
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
