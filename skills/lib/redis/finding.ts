import type { JsonObject } from '../../../controller/api/json.ts';
import type { Finding, Severity } from '../../../controller/evidence/finding.ts';
import { findingId } from '../finding-id.ts';

export interface Told {
  readonly reason: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly since?: Date | undefined;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
  /** Tool and section that were read. */
  readonly source: string;
  readonly facts: JsonObject;
}

export function findingOf(node: string, { reason, since, summary, ...rest }: Told): Finding {
  const kind = `redis.${reason}`;
  return {
    id: findingId(node, kind, 'server'),
    node,
    kind,
    summary: summary.slice(0, 500),
    ...(since === undefined ? {} : { since: since.toISOString() }),
    ...rest,
  };
}
