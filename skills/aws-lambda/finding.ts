import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding, Severity } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import type { SharedPool } from './account.ts';
import type { LambdaFunction } from './function.ts';
import type { LogLook } from './log-lines.ts';
import type { LambdaMetrics } from './metrics.ts';
import type { Point } from '../lib/statistics.ts';
import { type LambdaSettings, shortName } from './parameters.ts';

export interface LambdaLook {
  readonly node: string;
  readonly settings: LambdaSettings;
  readonly fn: LambdaFunction;
  /** Where the function has no reservation and the account could be read. */
  readonly pool: SharedPool | undefined;
  readonly metrics: LambdaMetrics;
  /** Of the longest invocations in the hour before an act of ours; empty where the function is not as one left it. */
  readonly earlierDurations: readonly Point[];
  readonly logs: LogLook;
}

export interface Told {
  readonly reason: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
  readonly source: string;
  readonly since?: string | undefined;
  readonly facts?: JsonObject;
}

export function findingOf({ reason, since, facts, ...told }: Told, { node, fn, settings }: LambdaLook): Finding {
  const kind = `aws-lambda.${reason}`;
  const { memory, timeoutSeconds } = fn.live;
  return {
    id: findingId(node, kind, shortName(settings.name)),
    node,
    kind,
    ...told,
    ...(since === undefined ? {} : { since }),
    facts: { memory, timeoutSeconds, reserved: fn.reserved ?? null, ...facts },
  };
}

export function metric(...names: readonly string[]): string {
  return `get_metric_data AWS/Lambda ${names.join(', ')}`;
}

/** From this share of failed calls on, callers are broken rather than hurt. */
const brokenShare = 0.05;

export function severityOf(share: number): Severity {
  return share > brokenShare ? 'Critical' : 'Warning';
}
