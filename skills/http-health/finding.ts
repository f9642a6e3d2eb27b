import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding, Severity } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import type { SkillNode } from '../skill.ts';
import { httpIdentity, httpParameters } from './parameters.ts';

export interface Told {
  readonly reason: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly since: Date;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
  readonly facts: JsonObject;
  readonly silent?: boolean;
}

export function findingOf(node: SkillNode, { reason, since, summary, ...rest }: Told): Finding {
  const kind = `http-health.${reason}`;
  const { method, url } = httpParameters(node.with);
  return {
    id: findingId(node.id, kind, 'page'),
    node: node.id,
    kind,
    summary: summary.slice(0, 500),
    since: since.toISOString(),
    ...rest,
    source: `http_get ${method} ${httpIdentity({ url })?.slice('http:'.length) ?? ''}`,
  };
}
