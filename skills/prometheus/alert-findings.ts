import type { Finding, Severity } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import type { GapList } from '../lib/gaps.ts';
import { within } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import { type LabelledPoints, nameOf, queryTool, valuesAt } from './calls.ts';
import { type Labels, selectorOf } from './parameters.ts';

const mostAlerts = 20;
const worstFirst: Readonly<Record<Severity, number>> = { Critical: 0, Warning: 1, Info: 2 };
const severities: Readonly<Record<string, Severity>> = {
  critical: 'Critical',
  page: 'Critical',
  info: 'Info',
  none: 'Info',
};

/**
 * Alerts of this node that fire, from the two series that Prometheus writes of its own rules: the one has a sample while an alert
 * is on, the value of the other is when its condition first held. The worst come first, and what is beyond the most that are told is
 * a gap. @throws ToolError
 */
export async function alertFindings(context: ProbeContext, labels: Labels, gaps: GapList): Promise<readonly Finding[]> {
  const firing = `ALERTS${selectorOf({ ...labels, alertstate: 'firing' })}`;
  const query = `ALERTS_FOR_STATE${selectorOf(labels)} and ignoring(alertstate) ${firing}`;
  const alerts = await valuesAt(context, query, context.window.to);
  if (alerts.length > mostAlerts) gaps.add('alerts', `${alerts.length} fire, ${mostAlerts} are told`);
  return alerts
    .map((alert) => findingOf(context, alert))
    .toSorted((a, b) => worstFirst[a.severity] - worstFirst[b.severity] || a.id.localeCompare(b.id, 'en'))
    .slice(0, mostAlerts);
}

/** An alert that has been on since before the window says little of the window, as alerts may stay on for long. */
function findingOf({ node, window }: ProbeContext, { labels, points }: LabelledPoints): Finding {
  const kind = 'prometheus.AlertFiring';
  const began = points[0]?.[1];
  const since = began === undefined ? undefined : new Date(began * 1000);
  const name = labels['alertname'] ?? '';
  return {
    id: findingId(node.id, kind, nameOf(labels)),
    node: node.id,
    kind,
    severity: within(since, window) ? (severities[labels['severity'] ?? ''] ?? 'Warning') : 'Info',
    summary: `alert ${name} fires (${nameOf(labels)})`.slice(0, 500),
    ...(since === undefined ? {} : { since: since.toISOString() }),
    value: 1,
    threshold: 0,
    source: `${queryTool} ALERTS{alertname="${name}"}`,
    facts: { alert: name, labels: { ...labels } },
  };
}
