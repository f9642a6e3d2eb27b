import type { Log } from '../kube/observe.ts';
import type { Dialer } from '../mcp/dialer.ts';
import { checksOnThisMachine, type CheckRunner } from '../sandbox/check-runner.ts';
import { withDeclaredHosts } from '../sandbox/declared-hosts.ts';
import { jobSandbox, type JobRunner } from '../sandbox/job/job-sandbox.ts';
import type { Parts } from './parts.ts';
import { sandboxOf } from './start-process.ts';

type Needed = Pick<Parts, 'config' | 'client' | 'clock'>;

/** Where repositories' own checks run, by the operator's configuration. */
export function checkRunnerOf(parts: Needed, dialer: Dialer): CheckRunner {
  const { hosts } = parts.config.sandbox;
  return jobRunnerOf(parts) ?? checksOnThisMachine(withDeclaredHosts(sandboxOf(parts), { hosts, dialer }), parts.clock);
}

/** Undefined where checks run on this machine. */
function jobRunnerOf({ config, client, clock }: Needed): JobRunner | undefined {
  const { kind, job } = config.sandbox;
  if (kind !== 'Job' || job === undefined) return undefined;
  // Two operators may share the namespace of the checks: the lead is what there is one of.
  const operator = `${config.leaderElection.namespace}.${config.leaderElection.name}`;
  return jobSandbox({ client, settings: job, operator, clock });
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
