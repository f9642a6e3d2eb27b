import { createHash } from 'node:crypto';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { ApiError, NotFound } from '../../kube/errors.ts';
import { jobs } from './kinds.ts';
import { operatorLabel } from './render-job.ts';

export interface Removal {
  readonly client: KubeClient;
  readonly settings: { readonly namespace: string };
  readonly operator: string;
  readonly clock: Clock;
}

const removalTries = 3;

/**
 * Whatever became of the run, called off or not: so by a signal of its own. Where the API server cannot be reached it is left to the Job's
 * own bounds (activeDeadlineSeconds, ttlSecondsAfterFinished), and to the next start.
 */
export async function remove(options: Removal, name: string): Promise<void> {
  const signal = new AbortController().signal;
  for (let left = removalTries; left > 0; left -= 1) {
    try {
      await deleteJob(options, name, signal);
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || left === 1) return;
    }
    await options.clock.sleep(500, signal);
  }
}

async function deleteJob(
  { client, settings: { namespace } }: Removal,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const how = { propagationPolicy: 'Foreground', timeoutMs: 5_000 } as const;
    await client.resource(jobs).delete({ namespace, name }, signal, how);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}

/** Deletes the Jobs of one operator, whoever has them under way. @throws ApiError. */
export async function removeLeftovers(options: Removal, signal: AbortSignal): Promise<number> {
  const { client, operator } = options;
  const { namespace } = options.settings;
  const labelSelector = `${operatorLabel}=${labelOf(operator)}`;
  const { items } = await client.resource(jobs).list({ namespace, labelSelector }, signal);
  for (const { metadata } of items) await deleteJob(options, metadata?.name ?? '', signal);
  return items.length;
}

/** A label's value is 63 characters at most. */
export function labelOf(operator: string): string {
  return operator.length <= 63 ? operator : createHash('sha256').update(operator).digest('hex').slice(0, 32);
}
