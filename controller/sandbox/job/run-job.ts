import type { JobSandbox } from '../../config/config.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { TooManyRequests, Unavailable } from '../../kube/errors.ts';
import { SandboxError, type SandboxObstacle } from '../sandbox.ts';
import { events, type Pod, pods, type Terminated } from './kinds.ts';
import { evictionOf, stageOf, type Stage } from './read-pod.ts';
import { prepareSeconds } from './render-job.ts';
import { networkOpen, networkUnproven } from './scripts.ts';

const pollMs = 1_000;

export interface Followed {
  readonly settings: JobSandbox;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly name: string;
  readonly checks: number;
}

export interface Finished {
  readonly pod: Pod;
  /** Of the checks that ended; one that ran out of its time comes after them. */
  readonly ends: readonly Terminated[];
  readonly timedOut: boolean;
}

/** Looks at a Job's Pod until its checks have ended or one is out of its time. @throws SandboxError; ApiError; the signal's reason. */
export async function follow(job: Followed, signal: AbortSignal): Promise<Finished> {
  const { clock, checks } = job;
  let since = clock.monotonicMs();
  let last = '';
  let seen: Pod | undefined;
  for (;;) {
    signal.throwIfAborted();
    const pod = await podOf(job, signal);
    if (pod === undefined && seen !== undefined) throw failure('JobLost', 'its Pod is gone');
    seen = pod ?? seen;
    const stage = pod === undefined ? noPod : stageOf(pod, checks);
    const step = stepOf(stage);
    if (step !== last) since = clock.monotonicMs();
    last = step;
    const finished = pod === undefined ? undefined : finishedBy(pod, stage);
    if (finished !== undefined) return finished;
    if (clock.monotonicMs() - since >= allowedMs(job, stage)) return await late(job, pod, stage, signal);
    await clock.sleep(pollMs, signal);
  }
}

const noPod: Stage = { at: 'Starting', why: '' };

function stepOf(stage: Stage): string {
  return stage.at === 'Checking' ? `${stage.at} ${stage.ended.length}` : stage.at;
}

async function podOf(
  { settings: { namespace }, client, clock, name }: Followed,
  signal: AbortSignal,
): Promise<Pod | undefined> {
  for (let left = 5; ; left -= 1) {
    try {
      const { items } = await client
        .resource(pods)
        .list({ namespace, labelSelector: `batch.kubernetes.io/job-name=${name}`, timeoutMs: 10_000 }, signal);
      return items.find(({ metadata }) => metadata?.deletionTimestamp === undefined) ?? items[0];
    } catch (error) {
      // An API server that is away for seconds says nothing of the checks.
      const passing = error instanceof Unavailable || error instanceof TooManyRequests;
      if (!passing || left === 0 || signal.aborted) throw error;
      await clock.sleep(pollMs, signal);
    }
  }
}

function finishedBy(pod: Pod, stage: Stage): Finished | undefined {
  switch (stage.at) {
    case 'Done':
      return { pod, ends: stage.ends, timedOut: false };
    case 'Lost':
      throw failure('JobLost', stage.why);
    case 'NotPrepared':
      throw failure(obstacleOf(stage.end), wordsOf(stage.end) + evictionOf(pod).trimEnd());
    case 'Starting':
    case 'Preparing':
    case 'Checking':
      return undefined;
  }
}

function obstacleOf({ exitCode }: Terminated): SandboxObstacle {
  if (exitCode === networkOpen) return 'NetworkOpen';
  return exitCode === networkUnproven ? 'NetworkUnproven' : 'TreeNotUnpacked';
}

function wordsOf({ exitCode, reason = '', message = '' }: Terminated): string {
  return message.trim() === '' ? `it ended with ${exitCode} ${reason}`.trim() : message.trim().slice(-500);
}

function allowedMs({ settings }: Followed, { at }: Stage): number {
  if (at === 'Checking') return settings.checkSeconds * 1000;
  return (at === 'Preparing' ? prepareSeconds : settings.startSeconds) * 1000;
}

async function late(job: Followed, pod: Pod | undefined, stage: Stage, signal: AbortSignal): Promise<Finished> {
  if (pod !== undefined && stage.at === 'Checking') return { pod, ends: stage.ended, timedOut: true };
  if (stage.at === 'Preparing') throw failure('TreeNotUnpacked', `it took more than ${prepareSeconds} s`);
  const why = stage.at === 'Starting' && pod !== undefined ? stage.why : await whyNoPod(job, signal);
  throw failure('JobNotStarted', `the checks did not begin within ${job.settings.startSeconds} s: ${why}`);
}

/** Quotas and admission refuse a Pod to the Job's controller, which tells it in an Event. */
async function whyNoPod({ settings: { namespace }, client, name }: Followed, signal: AbortSignal): Promise<string> {
  const fieldSelector = `involvedObject.kind=Job,involvedObject.name=${name}`;
  const told = await client.resource(events).list({ namespace, fieldSelector, limit: 50 }, signal);
  const warning = told.items.findLast(({ type }) => type === 'Warning');
  return warning?.message ?? 'no Pod was made for the Job';
}

function failure(obstacle: SandboxObstacle, reason: string): SandboxError {
  return new SandboxError({ obstacle, reason });
}
