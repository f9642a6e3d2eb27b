import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../world/lab.ts';
import type { Seen } from '../world/traffic.ts';
import type { Judgement } from './fault.ts';

export interface Standard {
  readonly requests?: number;
  readonly requestsPerSecond?: number;
  /** Share of requests that may fail. */
  readonly maxErrors?: number;
  readonly maxP95Milliseconds?: number;
}

/**
 * The users' view: a bounded burst at the front door, within the bounds that the healthy lab keeps easily. It lasts four seconds: what
 * restarts again and again is well in between.
 */
export async function usersAreServed(lab: Lab, standard: Standard = {}): Promise<Judgement> {
  const { requests = 40, requestsPerSecond = 10, maxErrors = 0.025, maxP95Milliseconds = 1500 } = standard;
  const seen = await lab.burst(requests, requestsPerSecond);
  const healed = seen.errors <= seen.requests * maxErrors && seen.p95 <= maxP95Milliseconds;
  const answers = Object.entries(seen.answers).map(([answer, count]) => `${count} x ${answer}`);
  return { healed, seen: `${seen.requests} requests: ${answers.join(', ')}; p95 ${Math.round(seen.p95)} ms` };
}

/** The first judgement that is not healed; else all of them in one. */
export async function allHold(...checks: readonly (() => Promise<Judgement>)[]): Promise<Judgement> {
  const seen: string[] = [];
  for (const check of checks) {
    const judgement = await check();
    seen.push(judgement.seen);
    if (!judgement.healed) return { healed: false, seen: seen.join('; ') };
  }
  return { healed: true, seen: seen.join('; ') };
}

/** Whether more than `share` of the steady traffic fails, watched for a second and a half unless told otherwise. */
export async function trafficFails(lab: Lab, share: number, milliseconds = 1500): Promise<boolean> {
  const { requests, errors } = await watchTraffic(lab, milliseconds);
  return requests > 0 && errors / requests > share;
}

/** What the steady traffic sees in the next while. */
export async function watchTraffic(lab: Lab, milliseconds: number): Promise<Seen> {
  lab.traffic.take();
  await delay(milliseconds, undefined, { signal: lab.signal });
  return lab.traffic.take();
}

/** Whether the steady traffic goes through without a failure, watched for three seconds. */
export async function trafficIsServed(lab: Lab): Promise<boolean> {
  const { requests, errors } = await watchTraffic(lab, 3000);
  return requests > 5 && errors === 0;
}
