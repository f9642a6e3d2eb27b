import { numberOf } from '../lib/reading.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { backlog, isFalling, isGrowing, type Observation, observe } from './observation.ts';
import { settingsOf } from './parameters.ts';
import { Queues } from './queue.ts';

const defaultDrainSeconds = 20;

/**
 * No more messages wait than may, and they do not become more. A queue that is too deep has `queueDrainSeconds` to come down,
 * and passes when it is still falling then. Limit: the `verify` block's `maxQueueDepth`, else the node's `maxDepth`.
 */
export const queueDraining: Check = { name: 'queue-draining', waits: true, run };

async function run(context: CheckContext): Promise<CheckResult> {
  const { node, tools, clock, signal, thresholds } = context;
  const settings = settingsOf(node.with);
  const limit = numberOf(thresholds['maxQueueDepth']) ?? settings.maxDepth;
  const drainMs = (numberOf(thresholds['queueDrainSeconds']) ?? defaultDrainSeconds) * 1000;
  const deadline = clock.now().getTime() + drainMs;
  const queues = new Queues(tools, settings.region, signal);
  const url = await queues.url(settings.queue);
  for (;;) {
    const observed = await observe(queues, url, settings.observeSeconds, clock, signal);
    const under = observed.last.visible <= limit;
    if (under && !isGrowing(observed)) return result(context, 'Pass', observed, limit);
    if (clock.now().getTime() >= deadline)
      return result(context, isFalling(observed) ? 'Pass' : 'Fail', observed, limit);
  }
}

function result(
  { node }: CheckContext,
  verdict: CheckResult['verdict'],
  observed: Observation,
  limit: number,
): CheckResult {
  const { last, first, seconds } = observed;
  const before = `${backlog(first)} ${seconds} s before`;
  return {
    name: 'queue-draining',
    node: node.id,
    verdict,
    summary: `${last.visible} messages wait and ${last.inFlight} are in flight (together ${backlog(last)}, ${before})`,
    value: last.visible,
    threshold: limit,
    unit: 'messages',
  };
}
