import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { Log, Metrics } from '../kube/observe.ts';
import type { Dialer } from '../mcp/dialer.ts';
import { checksOnThisMachine, type CheckRunner } from '../sandbox/check-runner.ts';
import { withDeclaredHosts } from '../sandbox/declared-hosts.ts';
import { jobHosts, type JobHosts } from '../sandbox/job/job-hosts.ts';
import { jobSandbox, type JobRunner } from '../sandbox/job/job-sandbox.ts';
import type { Parts } from './parts.ts';
import { sandboxOf } from './start-process.ts';

type Needed = Pick<Parts, 'config' | 'client' | 'clock'>;
type Reaching = Needed & { readonly metrics: Metrics };

/** A runner, and the end of what it keeps open. */
export interface OpenRunner extends CheckRunner {
  close(): Promise<void>;
}

/** Where repositories' own checks run, by the operator's configuration. */
export function checkRunnerOf(parts: Reaching, dialer: Dialer): OpenRunner {
  const { hosts } = parts.config.sandbox;
  const reached = hostsOfJobs(parts, dialer);
  const runner =
    jobRunnerOf(parts, reached) ??
    checksOnThisMachine(withDeclaredHosts(sandboxOf(parts), { hosts, dialer }), parts.clock);
  return { ...runner, close: async () => await reached?.close() };
}

/** Undefined where checks run on this machine, or reach none. */
function hostsOfJobs({ config, metrics }: Reaching, dialer: Dialer): JobHosts | undefined {
  const { kind, job, hosts } = config.sandbox;
  if (kind !== 'Job' || job === undefined || hosts.length === 0) return undefined;
  const { POD_IP: told = '' } = process.env;
  const address = isIP(told) === 0 ? undefined : told;
  const way = { namespace: config.leaderElection.namespace, address, port: job.proxyPort };
  const token = (): string => randomBytes(32).toString('hex');
  return jobHosts({ hosts, dialer, way, mostBytes: job.proxyMiB * 2 ** 20, token, metrics });
}

/** Undefined where checks run on this machine. */
function jobRunnerOf({ config, client, clock }: Needed, hosts?: JobHosts): JobRunner | undefined {
  const { kind, job } = config.sandbox;
  if (kind !== 'Job' || job === undefined) return undefined;
  // Two operators may share the namespace of the checks: the lead is what there is one of.
  const operator = `${config.leaderElection.namespace}.${config.leaderElection.name}`;
  return jobSandbox({ client, settings: job, operator, clock, hosts });
}

/** Deletes the Jobs of a former life. What cannot be deleted has bounds of its own, and does not keep the operator from working. */
export async function removeLeftovers(parts: Needed & { readonly log: Log }, signal: AbortSignal): Promise<void> {
  try {
    const removed = (await jobRunnerOf(parts)?.removeLeftovers(signal)) ?? 0;
    if (removed > 0) parts.log.info('jobs of a former life are deleted', { jobs: removed });
  } catch (error) {
    if (!signal.aborted) parts.log.warn('jobs of a former life cannot be deleted', { reason: String(error) });
  }
}
