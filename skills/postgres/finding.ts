import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding, Severity } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';

export interface Told {
  readonly reason: string;
  /** What of the database it is about; with the reason it is the same in every look at the same thing. */
  readonly subject: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly since?: string | undefined;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
  /** application_name of those that suffer. */
  readonly harms?: readonly string[];
  /** The view that was read. */
  readonly view: string;
  readonly facts: JsonObject;
}

export function findingOf(node: string, told: Told): Finding {
  const { reason, subject, since, view, summary, ...rest } = told;
  const kind = `postgres.${reason}`;
  return {
    id: findingId(node, kind, subject),
    node,
    kind,
    summary: summary.slice(0, 500),
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    ...rest,
    source: `execute_sql ${view}`,
  };
}
