import type { Change, Finding } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import { isDefined } from '../lib/reading.ts';
import { median, type Point, round } from '../lib/statistics.ts';
import type { CacheParameter } from './cache-parameters.ts';
import type { CacheEvent, CacheState } from './control-plane.ts';

/** While these are done it goes on serving, with a moment's interruption at most. */
const serving = new Set(['available', 'snapshotting', 'modifying']);
const failover = /failover/i;
/** Points that a saturated engine must have shown in a row. */
const atLeast = 3;

type Told = Omit<Finding, 'id' | 'node' | 'kind'> & { readonly reason: string };

/** What was read of a cache from outside. */
export interface ControlView {
  readonly state: CacheState;
  readonly events: readonly CacheEvent[];
  readonly parameters: readonly CacheParameter[];
  readonly engineCpu: readonly Point[];
}

export function controlFindings(node: string, view: ControlView, maxEngineCpu: number): readonly Finding[] {
  const { state, events, engineCpu } = view;
  const told = [
    notAvailable(state),
    failedOver(events),
    engineSaturated(engineCpu, maxEngineCpu),
    parametersSet(view),
    described(state),
  ];
  return told.filter(isDefined).map(({ reason, ...rest }) => {
    const kind = `aws-elasticache.${reason}`;
    return { id: findingId(node, kind, state.cluster), node, kind, ...rest };
  });
}

function notAvailable({ status, cluster, group }: CacheState): Told | undefined {
  if (serving.has(status)) return undefined;
  return {
    reason: 'NotAvailable',
    severity: 'Critical',
    summary: `ElastiCache says that ${group ?? cluster} is ${status}`,
    value: 0,
    threshold: 1,
    unit: 'caches available',
    source: group === undefined ? 'describe-cache-clusters' : 'describe-replication-groups',
    facts: { status },
  };
}

/** What was written in the last moments before it may be lost, and connections were cut. */
function failedOver(events: readonly CacheEvent[]): Told | undefined {
  const all = events.filter(({ message }) => failover.test(message));
  const [first] = all;
  if (first === undefined) return undefined;
  return {
    reason: 'FailedOver',
    severity: 'Warning',
    summary: `${all.length} failover events, the first: ${first.message}`.slice(0, 500),
    since: first.at.toISOString(),
    value: all.length,
    threshold: 0,
    unit: 'events',
    source: 'describe-events',
    facts: { events: all.slice(0, 5).map(({ message }) => message.slice(0, 200)) },
  };
}

/** Redis runs commands on one thread: its share is what counts, not the machine's. */
function engineSaturated(points: readonly Point[], limit: number): Told | undefined {
  const from = points.findLastIndex(([, value]) => value < limit) + 1;
  const above = points.slice(from);
  const [first] = above;
  if (first === undefined || above.length < atLeast) return undefined;
  const usual = median(points.slice(0, from).map(([, value]) => value));
  const before = Number.isNaN(usual) ? '' : `, ${round(usual, 0)} % before`;
  const now = above.at(-1)?.[1] ?? 0;
  return {
    reason: 'EngineCpuSaturated',
    severity: 'Warning',
    summary: `the engine's thread uses ${round(now, 0)} % of its processor${before}`,
    since: new Date(first[0] * 1000).toISOString(),
    value: round(now, 1),
    threshold: limit,
    unit: '%',
    source: 'get_metric_data AWS/ElastiCache EngineCPUUtilization MAX',
  };
}

/** Most of what is told of them. */
const mostParameters = 20;

/** Ordinary by itself: it says what may be behind what the Redis shows. AWS tells when a group was changed last, not which parameter. */
function parametersSet({ state, events, parameters }: ControlView): Told | undefined {
  const set = parameters.filter(({ value, default: usual }) => usual !== undefined && usual !== value);
  if (set.length === 0) return undefined;
  const { parameterGroup } = state;
  const last = events.findLast(({ source }) => source === parameterGroup);
  const values = set.map(({ name, value, default: usual }) => `${name} ${value} (default ${usual})`);
  return {
    reason: 'ParametersSet',
    severity: 'Info',
    summary: `${parameterGroup} is not as its family is by default: ${values.join(', ')}`.slice(0, 500),
    ...(last === undefined ? {} : { since: last.at.toISOString() }),
    value: set.length,
    threshold: 0,
    unit: 'parameters set',
    source: 'threehops_get_cache_parameters, describe-events',
    facts: { parameterGroup, parameters: set.slice(0, mostParameters) },
  };
}

function described(state: CacheState): Told {
  const { cluster, group, nodeType, engineVersion, parameterGroup, parametersApplied } = state;
  return {
    reason: 'Cluster',
    severity: 'Info',
    summary: `${group ?? cluster}: ${nodeType}, engine ${engineVersion}, parameters ${parameterGroup} (${parametersApplied})`,
    source: 'describe-cache-clusters',
    facts: { nodeType, engineVersion, parameterGroup, parametersApplied },
  };
}

/** Whatever was done to the cache is a change of it: parameters, nodes, versions, failovers. */
export function cacheChanges(node: string, events: readonly CacheEvent[]): readonly Change[] {
  return events.map(({ at, source, message }) => ({
    id: `${node}:configuration:${source}:${at.toISOString()}`,
    node,
    kind: 'Configuration',
    at: at.toISOString(),
    summary: `${source}: ${message}`.slice(0, 500),
    source: 'describe-events',
  }));
}
