import { createHash } from 'node:crypto';
import type { DebugSession, ServiceTopology } from '../api/kinds.ts';
import type { Draft } from '../kube/object.ts';
import { redactJson } from '../redaction/redact-json.ts';
import { redact } from '../redaction/redact.ts';
import { changedNotes, type NotedAlert } from '../session/alerts/write-notes.ts';
import { trimmed } from '../session/child-name.ts';
import { keyOf } from '../topology/resolved.ts';
import type { Alert } from './webhook.ts';

/** An alert, and a map that it is about. */
export interface Match {
  readonly alert: Alert;
  readonly topology: ServiceTopology;
}

/** A session that is to be opened. */
export interface Opening {
  readonly topology: ServiceTopology;
  /** The one that began first, then those that join it at once. */
  readonly matches: readonly [Match, ...Match[]];
}

export interface Origin {
  readonly groupKey: string;
  /** Who sent the alerts. */
  readonly reportedBy: string;
  /** Whose session it is: ours. */
  readonly createdBy: string;
  readonly now: Date;
  /** UIDs of the sessions that have the names it would have, and that no alert can join. */
  readonly beside?: readonly string[];
}

/** Below 253 with a UID and a suffix, which the names of what belongs to the session have. */
const maxBase = 200;

/** The session for an opening; of the same alerts it has the same name, so that it is created once. */
export function draftOf({ topology, matches }: Opening, origin: Origin): Draft<DebugSession> {
  const [{ alert }, ...others] = matches;
  const { mode = 'Propose', reasoner = 'Causal' } = topology.spec.alerts ?? {};
  const notes = changedNotes(
    { metadata: {} },
    matches.map((match) => noteFor(match, origin.now)),
  );
  return {
    metadata: {
      name: sessionName(origin, alert.startsAt, topology),
      namespace: topology.metadata.namespace,
      annotations: notes?.annotations ?? {},
    },
    spec: {
      topologyRef: { name: topology.metadata.name },
      symptom: symptomOf(alert, others.length),
      mode,
      reasoner,
      trigger: {
        type: 'Alert',
        groupKey: cut(redact(origin.groupKey), 2000),
        reportedBy: cut(origin.reportedBy, 256),
      },
      createdBy: origin.createdBy,
      suspend: false,
      cancel: false,
      grantIterations: 0,
    },
  };
}

function sessionName({ groupKey, beside = [] }: Origin, startsAt: string, topology: ServiceTopology): string {
  const about = JSON.stringify([groupKey, startsAt, keyOf(topology), ...beside]);
  const hash = createHash('sha256').update(about).digest('hex').slice(0, 10);
  return `${trimmed(topology.metadata.name, maxBase)}-${hash}`;
}

function symptomOf(alert: Alert, others: number): NonNullable<DebugSession['spec']['symptom']> {
  const { labels, annotations } = redactJson({ labels: alert.labels, annotations: alert.annotations });
  const said = annotations['summary'] ?? annotations['description'] ?? annotations['message'] ?? '';
  const more = others === 0 ? '' : ` (and ${others} more)`;
  return {
    description: cut([labels['alertname'] ?? 'Alert', said].filter((part) => part !== '').join(': '), 1900) + more,
    since: alert.startsAt,
    labels: bounded(labels, 40, 500),
    annotations: bounded(annotations, 20, 1000),
    ...(alert.generatorURL === '' ? {} : { generatorURL: cut(redact(alert.generatorURL), 2000) }),
    fingerprint: alert.fingerprint,
  };
}

/** As the session notes it. */
export function noteFor({ alert, topology }: Match, now: Date): NotedAlert {
  const { fingerprint, status, startsAt, endsAt, labels } = alert;
  const ended = endsAt === undefined ? {} : { endsAt };
  const alertname = cut(redact(labels['alertname'] ?? ''), 100);
  const notedAt = now.toISOString();
  return { fingerprint, status, startsAt, ...ended, service: topology.spec.service, alertname, notedAt };
}

const longestName = 200;

function bounded(texts: Readonly<Record<string, string>>, most: number, length: number): Record<string, string> {
  const short = Object.entries(texts).filter(([name]) => name.length <= longestName);
  return Object.fromEntries(short.slice(0, most).map(([name, value]) => [name, cut(value, length)]));
}

/** Lengths in a CRD are characters, of which a pair of surrogates is one. */
function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
