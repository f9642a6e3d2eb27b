import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { readActivity } from './activity.ts';
import { longChains } from './blocking-findings.ts';
import { thresholdsOf } from './parameters.ts';
import { ageSeconds, nameOf } from './sessions.ts';

/** Nobody has waited for a lock for `blockedSeconds` or longer, as it is now: a chain from before the act that still stands counts. */
export const noBlockingQueries: Check = { name: 'no-blocking-queries', run };

async function run(context: CheckContext): Promise<CheckResult> {
  const { node } = context;
  const { blockedSeconds } = thresholdsOf(node.with);
  const activity = await readActivity(context);
  const chains = longChains(node, activity);
  const blocked = new Set(chains.flatMap((chain) => chain.blocked)).size;
  const [worst] = chains;
  const root = worst === undefined ? undefined : activity.sessions.get(worst.root);
  const longest = worst?.since === undefined ? '' : ` for up to ${ageSeconds(worst.since, activity.at)} s`;
  return {
    name: noBlockingQueries.name,
    node: node.id,
    verdict: blocked === 0 ? 'Pass' : 'Fail',
    summary:
      blocked === 0
        ? `no session has waited for a lock for ${blockedSeconds} s, ${activity.waits.length} wait at the moment`
        : `${blocked} sessions are blocked${longest}, first of all by ${root === undefined ? `backend ${worst?.root ?? 0}` : nameOf(root)}`,
    value: blocked,
    threshold: 0,
    unit: 'blocked sessions',
  };
}
