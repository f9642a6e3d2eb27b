import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding, Severity } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import { getTool, listTool, type Target } from './api.ts';
import type { Snapshot } from './snapshot.ts';

/** What one look tells, before it is a finding of a node. */
export interface Told {
  readonly reason: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly summary: string;
  /** RFC 3339. */
  readonly since?: string | undefined;
  readonly value?: number;
  readonly threshold?: number;
  readonly unit?: string;
  /** The kind that was read to see it. */
  readonly read: string;
  readonly facts?: JsonObject;
}

/** Of its kind the Deployment alone is read, all others are listed. */
function sourceOf(read: string, { deployment }: Target): string {
  return read === 'deployments' ? `${getTool} ${read}/${deployment}` : `${listTool} ${read}`;
}

export function findingOf({ node, target }: Snapshot, told: Told): Finding {
  const { reason, subject, since, summary, read, ...rest } = told;
  const kind = `kubernetes.${reason}`;
  return {
    id: findingId(node, kind, subject),
    node,
    kind,
    ...rest,
    summary: summary.slice(0, 500),
    ...(since === undefined ? {} : { since }),
    source: `${sourceOf(read, target)} in ${target.namespace}`,
  };
}
