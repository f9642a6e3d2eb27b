import type { JobSandbox } from '../../config/config.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { Forbidden, Invalid } from '../../kube/errors.ts';
import type { Draft } from '../../kube/object.ts';
import { TreeTooLarge, type CheckRunner } from '../check-runner.ts';
import { assertInside, edited, type ChecksRequest, type ChecksResult } from '../run-checks.ts';
import { SandboxError } from '../sandbox.ts';
import type { JobHosts, Pass } from './job-hosts.ts';
import { type Job, jobs, type Secret, secrets } from './kinds.ts';
import { obstacleOf } from './obstacles.ts';
import { labelOf, remove, removeLeftovers } from './removal.ts';
import { type JobPlan, partBytes, renderJob, renderPart, renderProxy } from './render-job.ts';
import { resultOf } from './results.ts';
import { follow } from './run-job.ts';
import { tarGzip } from './tree-archive.ts';

export interface JobSandboxOptions {
  readonly client: KubeClient;
  readonly settings: JobSandbox;
  /** Which operator this is, such as the namespace and name of its leader election. */
  readonly operator: string;
  readonly clock: Clock;
  /** By which the checks reach hosts; absent where none is declared. */
  readonly hosts?: JobHosts | undefined;
}

export interface JobRunner extends CheckRunner {
  /** Deletes what this operator's former life left, which died with checks under way. Before the first run alone. @throws ApiError. */
  removeLeftovers(signal: AbortSignal): Promise<number>;
}

/**
 * Checks in Jobs of the cluster, for an operator that runs in a Pod and so cannot make a sandbox of its own. Refused where what keeps a Job
 * from harm is not in place.
 */
export function jobSandbox(options: JobSandboxOptions): JobRunner {
  const looked = { client: options.client, settings: options.settings, way: options.hosts?.way };
  return {
    available: (signal) => obstacleOf(looked, signal),
    async run(request, signal) {
      const obstacle = await obstacleOf(looked, signal);
      if (obstacle !== undefined) throw new SandboxError(obstacle);
      const archive = await archiveOf(request, options);
      signal.throwIfAborted();
      return await runIn(options, request, archive, signal);
    },
    removeLeftovers: (signal) => removeLeftovers(options, signal),
  };
}

/** @throws TreeTooLarge, BadTreePath */
async function archiveOf(request: ChecksRequest, { settings, clock }: JobSandboxOptions): Promise<Buffer> {
  const files = edited(request);
  for (const { path } of files) assertInside(path);
  const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  // Half, as the checks write something too.
  const room = (settings.ephemeralMiB * 2 ** 20) / 2;
  if (bytes > room) throw new TreeTooLarge(bytes, room, 'unpacked');
  const archive = await tarGzip(files, clock.now());
  const most = settings.treeMiB * 2 ** 20;
  if (archive.length > most) throw new TreeTooLarge(archive.length, most, 'compressed');
  return archive;
}

async function runIn(
  options: JobSandboxOptions,
  request: ChecksRequest,
  archive: Buffer,
  signal: AbortSignal,
): Promise<ChecksResult> {
  const { client, settings, clock, operator, hosts } = options;
  const { checks, session } = request;
  const parts = Math.ceil(archive.length / partBytes);
  const pass = await hosts?.open(signal);
  const plan: JobPlan = {
    name: nameOf(clock),
    operator: labelOf(operator),
    session,
    checks,
    parts,
    proxied: pass !== undefined,
  };
  try {
    const job = await createJob(options, plan);
    for (const secret of secretsOf(plan, job, archive, pass)) await createSecret(options, secret, signal);
    const followed = { settings, client, clock, name: plan.name, checks: checks.length };
    return await resultOf(followed, checks, await follow(followed, signal), signal);
  } finally {
    pass?.close();
    await remove(options, plan.name);
  }
}

/** By us, not by the server: a Job whose creation was not answered can be deleted all the same. */
function nameOf(clock: Clock): string {
  const digits = Array.from({ length: 12 }, () => Math.floor(clock.random() * 36).toString(36));
  return `checks-${digits.join('')}`;
}

/**
 * Not broken off: a Job that is made after its deletion was answered with "not found" would be nobody's. Without its tree it runs nothing,
 * and goes when its own time is over.
 */
async function createJob({ client, settings }: JobSandboxOptions, plan: JobPlan): Promise<Job> {
  const unbroken = new AbortController().signal;
  try {
    return await client.resource(jobs).create(renderJob(settings, plan), unbroken, { timeoutMs: 10_000 });
  } catch (cause) {
    throw refused(cause);
  }
}

/** After the Job, which owns them: if we die here, its Pod waits for the missing ones until the Job's time is over, and all of it goes. */
function* secretsOf(plan: JobPlan, job: Job, archive: Buffer, pass: Pass | undefined): Generator<Draft<Secret>> {
  if (pass !== undefined) yield renderProxy(plan, job, pass.url);
  for (let part = 0; part < plan.parts; part += 1) {
    yield renderPart(plan, job, part, archive.subarray(part * partBytes, (part + 1) * partBytes));
  }
}

async function createSecret({ client }: JobSandboxOptions, secret: Draft<Secret>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  try {
    await client.resource(secrets).create(secret, signal);
  } catch (cause) {
    throw refused(cause);
  }
}

function refused(cause: unknown): unknown {
  if (!(cause instanceof Forbidden || cause instanceof Invalid)) return cause;
  return new SandboxError({ obstacle: 'JobRefused', reason: cause.message }, { cause });
}
