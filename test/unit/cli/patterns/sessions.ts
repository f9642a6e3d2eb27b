import type { DebugSession } from '../../../../controller/api/kinds.ts';

type Status = NonNullable<DebugSession['status']>;

export const now = Date.UTC(2026, 0, 31);

/** RFC 3339 of so many days before now. */
export function daysAgo(days: number): string {
  return new Date(now - days * 86_400_000).toISOString();
}

/** A session that ended so many days ago, an hour after it had begun. */
export function ended(
  name: string,
  days: number,
  status: Status,
  metadata: Partial<DebugSession['metadata']> = {},
): DebugSession {
  const begun = daysAgo(days + 1 / 24);
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'DebugSession',
    metadata: {
      name,
      namespace: 'team',
      uid: `uid of ${name}`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: begun,
      ...metadata,
    },
    spec: {
      topologyRef: { name: 'shop' },
      mode: 'Fix',
      reasoner: 'Causal',
      suspend: false,
      cancel: false,
      grantIterations: 0,
    },
    status: { startedAt: begun, completedAt: daysAgo(days), ...status },
  };
}

type Standing = 'Kept' | 'RolledBack';

/** The status of one whose cause is known, with what was tried. */
export function caused(
  [node, kind]: readonly [string, string],
  tried: Readonly<Record<string, Standing>> = {},
  more: Partial<Status> = {},
): Status {
  const fixed = Object.values(tried).includes('Kept');
  const history = Object.entries(tried).map(([signature, standing], index) => ({
    iteration: index + 1,
    diagnosis: kind,
    action: signature,
    result: standing === 'Kept' ? 'pass' : 'fail',
    rootCause: `${node} ${kind}`,
    signature,
    standing,
  }));
  return {
    phase: fixed ? 'Succeeded' : 'Failed',
    outcome: fixed ? 'Fixed' : 'Stopped',
    diagnosis: { rootCause: { node, kind } },
    history,
    ...more,
  };
}
