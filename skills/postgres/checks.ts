import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { type Activity, readActivity } from './activity.ts';
import { longChains } from './blocking-findings.ts';
import type { BlockingChain } from './chains.ts';
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
  return {
    name: noBlockingQueries.name,
    node: node.id,
    verdict: worst === undefined ? 'Pass' : 'Fail',
    summary:
      worst === undefined
        ? `no session has waited for a lock for ${blockedSeconds} s; ${activity.waits.length} wait at the moment`
        : blockedWords(activity, worst, blocked),
    value: blocked,
    threshold: 0,
    unit: 'blocked sessions',
  };
}

function blockedWords(activity: Activity, { root, since }: BlockingChain, blocked: number): string {
  const session = activity.sessions.get(root);
  const longest = since === undefined ? '' : ` for up to ${ageSeconds(since, activity.at)} s`;
  const who = session === undefined ? `backend ${root}` : nameOf(session);
  return `${blocked} ${blocked === 1 ? 'session is' : 'sessions are'} blocked${longest}, most of all by ${who}`;
}
