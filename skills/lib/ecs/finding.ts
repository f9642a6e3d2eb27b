import type { JsonObject } from '../../../controller/api/json.ts';
import type { Finding, Severity } from '../../../controller/evidence/finding.ts';
import { findingId } from '../finding-id.ts';
import { type EcsTarget, ecsReadTool } from './api.ts';
import { shortName } from './names.ts';

/** What a look at a service tells, before it is a finding of a skill's node. */
export interface Told {
  readonly reason: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly since?: Date | undefined;
  readonly value?: number;
  readonly threshold?: number;
  readonly unit?: string;
  /** The call that it was read by; DescribeServices when left out. */
  readonly operation?: string;
  readonly facts: JsonObject;
}

export interface Seen {
  readonly node: string;
  readonly target: EcsTarget;
}

export function findingOf(skill: string, told: Told, { node, target }: Seen): Finding {
  const { reason, subject, since, facts, summary, severity, operation = 'DescribeServices', ...measured } = told;
  const kind = `${skill}.${reason}`;
  return {
    id: findingId(node, kind, subject),
    node,
    kind,
    severity,
    summary: summary.slice(0, 500),
    ...(since === undefined ? {} : { since: since.toISOString() }),
    ...measured,
    source: `${ecsReadTool} ${operation} ${shortName(target.cluster)}/${shortName(target.service)}`,
    facts,
  };
}
