import type { ProbeResult } from '../../controller/evidence/finding.ts';
import { GapList } from '../lib/gaps.ts';
import { withPeers } from '../lib/peers.ts';
import { addressOf } from '../lib/redis/address.ts';
import { probe as lookWithin } from '../lib/redis/look.ts';
import type { ProbeContext } from '../skill.ts';
import { readParameters } from './cache-parameters.ts';
import { type CacheState, readCache, readEvents } from './control-plane.ts';
import { cacheChanges, controlFindings } from './findings.ts';
import { metricSeries, noMetrics, readMetrics } from './metrics.ts';
import { identity, maxEngineCpuOf, targetOf } from './parameters.ts';

/** ElastiCache's own view, and a look at the Redis within. Either is enough to know something; @throws when neither can be had. */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const target = targetOf(context.node.with);
  if (target === undefined) return lookWithin(context);
  const gaps = new GapList(context.node.id, context.signal);
  const state = await gaps.orGap('the control plane', readCache(context, target), undefined);
  if (state === undefined) return joined(context, [await lookWithin(context)], gaps);
  if (state.otherShards > 0)
    gaps.add('other shards', `${state.otherShards} were not looked at, only the first one was`);
  const looks = await Promise.all([
    lookFromOutside(context, state, gaps),
    gaps.orGap('the Redis within', lookWithin(addressed(context, state)), undefined),
  ]);
  return joined(
    context,
    looks.filter((one) => one !== undefined),
    gaps,
  );
}

/** Where the map gives no address, ElastiCache does. */
function addressed(context: ProbeContext, { address }: CacheState): ProbeContext {
  const { node } = context;
  const named = addressOf(node.with);
  return { ...context, node: { ...node, with: { ...node.with, ...address, ...named } } };
}

type Look = Omit<ProbeResult, 'logTemplates' | 'identity'>;

async function lookFromOutside(context: ProbeContext, state: CacheState, gaps: GapList): Promise<Look> {
  const { node, window } = context;
  const [events, parameters, metrics] = await Promise.all([
    gaps.orGap('events', readEvents(context, state, window), []),
    gaps.orGap('parameters', readParameters(context, state), []),
    gaps.orGap('metrics of the cache', readMetrics(context, state.cluster), noMetrics),
  ]);
  const view = { state, events, parameters, engineCpu: metrics.engineCpu };
  return {
    findings: controlFindings(node.id, view, maxEngineCpuOf(node.with)),
    series: metricSeries(node.id, metrics),
    changes: cacheChanges(node.id, events),
    gaps: [],
  };
}

function joined({ node }: ProbeContext, looks: readonly Look[], gaps: GapList): ProbeResult {
  return {
    findings: looks.flatMap(({ findings }) => findings),
    series: looks.flatMap(({ series }) => series),
    changes: looks.flatMap(({ changes }) => changes),
    gaps: [...gaps.list(), ...looks.flatMap((look) => look.gaps)],
    logTemplates: [],
    ...withPeers(looks.flatMap(({ peers = [] }) => peers)),
    identity: identity(node.with) ?? node.id,
  };
}
