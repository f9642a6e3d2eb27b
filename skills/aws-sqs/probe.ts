import type { ProbeResult } from '../../controller/evidence/finding.ts';
import { GapList } from '../lib/gaps.ts';
import type { ProbeContext } from '../skill.ts';
import { queueChanges } from './changes.ts';
import { queueFindings, type QueueLook } from './findings.ts';
import { queueSeries, readMetrics } from './metrics.ts';
import { observe } from './observation.ts';
import { identity, queueName, type QueueSettings, settingsOf } from './parameters.ts';
import { Queues } from './queue.ts';

/** Watches a queue for a few seconds. @throws when its attributes cannot be read: then nothing is known of it */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const { node, tools, clock, signal } = context;
  const settings = settingsOf(node.with);
  const queues = new Queues(tools, settings.region, signal);
  const gaps = new GapList(node.id, signal);
  const url = await queues.url(settings.queue);
  const dead = await deadLetterQueue(queues, url, settings, gaps);
  const [observed, deadObserved, metrics] = await Promise.all([
    observe(queues, url, settings.observeSeconds, clock, signal),
    watchDead(context, queues, dead, gaps),
    readMetrics(context, queueName(url), dead === undefined ? undefined : queueName(dead), gaps),
  ]);
  const look: QueueLook = {
    node: node.id,
    name: queueName(url),
    settings,
    observed,
    metrics,
    ...(dead === undefined || deadObserved === undefined
      ? {}
      : { dead: { name: queueName(dead), observed: deadObserved } }),
  };
  return {
    findings: queueFindings(look),
    series: queueSeries(node.id, metrics),
    changes: queueChanges(node.id, queueName(url), observed.last, context.window),
    logTemplates: [],
    gaps: gaps.list(),
    identity: identity(node.with) ?? node.id,
  };
}

/** The one that the map names, else the one of the redrive policy. */
async function deadLetterQueue(
  queues: Queues,
  url: string,
  settings: QueueSettings,
  gaps: GapList,
): Promise<string | undefined> {
  const named = settings.dlq ?? (await queues.read(url)).redrive?.target;
  return named === undefined ? undefined : gaps.orGap('dead-letter queue', queues.url(named), undefined);
}

function watchDead(
  { clock, signal, node }: ProbeContext,
  queues: Queues,
  url: string | undefined,
  gaps: GapList,
): Promise<Awaited<ReturnType<typeof observe>> | undefined> {
  if (url === undefined) return Promise.resolve(undefined);
  const { observeSeconds } = settingsOf(node.with);
  return gaps.orGap('dead-letter queue', observe(queues, url, observeSeconds, clock, signal), undefined);
}
