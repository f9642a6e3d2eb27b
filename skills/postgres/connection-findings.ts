import type { Finding, Series } from '../../controller/evidence/finding.ts';
import { round } from '../lib/statistics.ts';
import type { SkillNode } from '../skill.ts';
import type { Activity, ClientGroup } from './activity.ts';
import { findingOf } from './finding.ts';
import { isOwnSession, thresholdsOf } from './parameters.ts';
import { nameOf } from './sessions.ts';

const mostApplications = 8;
const view = 'pg_stat_activity, max_connections';

/** How many of the server's connections are taken, and by whom. Connections are the server's, whatever the database. */
export function connectionFindings(node: SkillNode, activity: Activity): readonly Finding[] {
  const threshold = thresholdsOf(node.with).maxConnectionsPercent;
  const used = usedConnections(activity);
  const percent = usedPercent(activity);
  if (activity.maxConnections === 0 || percent < threshold) return [];
  const free = activity.maxConnections - activity.reserved - used;
  const applications = byApplication(node, activity.clients);
  const [most] = applications;
  return [
    findingOf(node.id, {
      reason: 'ConnectionsSaturated',
      subject: 'server',
      severity: free <= 0 ? 'Critical' : 'Warning',
      summary: `${used} of ${activity.maxConnections} connections are taken, ${most?.count ?? 0} of them by ${most?.name ?? 'nobody'}`,
      since: activity.saturatedSince,
      value: percent,
      threshold,
      unit: '%',
      view,
      facts: {
        used,
        free: Math.max(0, free),
        maxConnections: activity.maxConnections,
        reserved: activity.reserved,
        applications: applications.slice(0, mostApplications),
      },
    }),
  ];
}

/** The server turned us away (SQLSTATE 53300): that nothing more can be seen is itself what is wrong. */
export function refusedFinding(node: SkillNode, reason: string, now: Date): Finding {
  return findingOf(node.id, {
    reason: 'ConnectionsSaturated',
    subject: 'server',
    severity: 'Critical',
    summary: `the server takes no more connections: ${reason}`,
    since: now.toISOString(),
    value: 100,
    threshold: thresholdsOf(node.with).maxConnectionsPercent,
    unit: '%',
    view: '(refused with 53300)',
    facts: { refused: true },
  });
}

export function connectionSeries(node: SkillNode, activity: Activity): readonly Series[] {
  if (activity.maxConnections === 0) return [];
  const at = Math.floor(activity.at.getTime() / 1000);
  return [
    {
      name: 'connections',
      node: node.id,
      aspect: 'Saturation',
      unit: '%',
      points: [[at, usedPercent(activity)]],
      source: `execute_sql ${view}`,
    },
  ];
}

function usedConnections({ clients }: Activity): number {
  return clients.reduce((sum, { count }) => sum + count, 0);
}

function usedPercent(activity: Activity): number {
  return activity.maxConnections === 0 ? 0 : round((usedConnections(activity) / activity.maxConnections) * 100, 1);
}

interface ApplicationUse {
  readonly [name: string]: string | number | boolean;
  readonly name: string;
  readonly count: number;
}

function byApplication(node: SkillNode, clients: readonly ClientGroup[]): readonly ApplicationUse[] {
  const groups = Map.groupBy(clients, nameOf);
  const uses = [...groups].map(([name, group]) => {
    const count = (states: (state: string) => boolean): number =>
      group.filter(({ state }) => states(state)).reduce((sum, one) => sum + one.count, 0);
    return {
      name,
      applicationName: group[0]?.application ?? '',
      user: group[0]?.user ?? '',
      ownSession: group.some((one) => isOwnSession(node.with, one)),
      count: count(() => true),
      idle: count((state) => state === 'idle'),
      idleInTransaction: count((state) => state.startsWith('idle in transaction')),
      active: count((state) => state === 'active'),
    };
  });
  return uses.toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
