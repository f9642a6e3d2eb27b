import type { Finding } from '../../../controller/evidence/finding.ts';
import type { ToolFailed } from '../../../controller/mcp/errors.ts';
import { round } from '../statistics.ts';
import { countReached } from '../time.ts';
import type { SkillNode } from '../../skill.ts';
import { findingOf } from './finding.ts';
import type { RedisClients, RedisInfo } from './info.ts';
import { thresholdsOf } from './thresholds.ts';

const mostNames = 8;

export function clientsPercent({ clients, maxClients }: RedisInfo): number {
  return maxClients === 0 ? 0 : round((clients / maxClients) * 100, 1);
}

/** How many of the server's connections are taken, and by whom. */
export function clientFindings(
  node: SkillNode,
  info: RedisInfo,
  { programs, connected }: RedisClients,
): readonly Finding[] {
  const threshold = thresholdsOf(node.with).maxClientsPercent;
  const percent = clientsPercent(info);
  if (info.maxClients === 0 || percent < threshold) return [];
  const [most] = programs;
  const whose = most === undefined ? '' : `, ${most.count} of them by ${most.name}`;
  return [
    findingOf(node.id, {
      reason: 'ConnectionsSaturated',
      severity: info.clients >= info.maxClients ? 'Critical' : 'Warning',
      summary: `${info.clients} of ${info.maxClients} connections are taken${whose}`,
      since: countReached(connected, Math.ceil((info.maxClients * threshold) / 100)),
      value: percent,
      threshold,
      unit: '%',
      source: 'info clients, client_list',
      facts: { used: info.clients, maxConnections: info.maxClients, applications: programs.slice(0, mostNames) },
    }),
  ];
}

/** The server turned us away as it does everybody: that nothing more can be seen is itself what is wrong. */
export function refusedFinding(node: SkillNode, now: Date): Finding {
  return findingOf(node.id, {
    reason: 'RejectedConnections',
    severity: 'Critical',
    summary: 'the server takes no more clients',
    since: now,
    value: 1,
    threshold: 0,
    unit: 'rejected connections',
    source: 'info (refused: max number of clients reached)',
    facts: { refused: true },
  });
}

/** Nobody listens. A host that does not answer at all is not told: it may be our own network. */
export function unreachableFinding(node: SkillNode, error: ToolFailed, now: Date): Finding {
  return findingOf(node.id, {
    reason: 'Unreachable',
    severity: 'Critical',
    summary: `the server takes no connection: ${error.reason}`,
    since: now,
    value: 0,
    threshold: 1,
    unit: 'servers answering',
    source: 'info (connection refused)',
    facts: { code: error.code },
  });
}
