import type { Finding } from '../../../controller/evidence/finding.ts';
import { isDefined } from '../reading.ts';
import { round } from '../statistics.ts';
import { secondsBetween } from '../time.ts';
import type { SkillNode } from '../../skill.ts';
import { findingOf, type Told } from './finding.ts';
import { hitRatio } from './hit-ratio.ts';
import type { RedisInfo } from './info.ts';
import { thresholdsOf } from './thresholds.ts';

/** Error replies that say that a write was not taken. */
const refusals = ['OOM', 'MISCONF', 'READONLY', 'NOREPLICAS'];

/** Two readings of one server, in order. */
export interface Growth {
  readonly before: RedisInfo;
  readonly after: RedisInfo;
  readonly seconds: number;
}

/** What happened between two looks; what the counters held before belongs to no window. */
export function growthFindings(node: SkillNode, before: RedisInfo, after: RedisInfo): readonly Finding[] {
  // Counters of a server that was started anew in between cannot be compared, nor readings that were shared out of order.
  if (after.uptimeSeconds < before.uptimeSeconds || after.at < before.at) return [];
  const growth = { before, after, seconds: Math.max(0.001, secondsBetween(before.at, after.at)) };
  const { minHitPercent } = thresholdsOf(node.with);
  const told = [evictions(growth), rejections(growth), refusedWrites(growth), hitRatio(growth, minHitPercent)];
  return told.filter(isDefined).map((one) => findingOf(node.id, one));
}

/** A cache at its bound evicts; one whose keys stay less than that, in seconds, is too small for what it is used for. */
const leastKept = 60;

function evictions({ before, after, seconds }: Growth): Told | undefined {
  const count = after.evictedKeys - before.evictedKeys;
  if (count <= 0) return undefined;
  const keptSeconds = round((after.keys * seconds) / count, 0);
  return {
    reason: 'EvictionsGrowing',
    severity: keptSeconds < leastKept ? 'Warning' : 'Info',
    summary: `${count} keys were evicted within ${round(seconds, 1)} s by policy ${after.policy}: a key is kept for about ${keptSeconds} s`,
    since: before.at,
    value: round(count / seconds, 1),
    threshold: 0,
    unit: 'keys/s',
    source: 'info stats, read twice',
    facts: { count, seconds: round(seconds, 1), total: after.evictedKeys, policy: after.policy, keptSeconds },
  };
}

function rejections({ before, after, seconds }: Growth): Told | undefined {
  const count = after.rejectedConnections - before.rejectedConnections;
  if (count <= 0) return undefined;
  return {
    reason: 'RejectedConnections',
    severity: 'Critical',
    summary: `${count} connections were turned away within ${round(seconds, 1)} s; ${after.maxClients} is the most`,
    since: before.at,
    value: count,
    threshold: 0,
    unit: 'rejected connections',
    source: 'info stats, read twice',
    facts: { count, seconds: round(seconds, 1), maxClients: after.maxClients },
  };
}

function refusedWrites({ before, after, seconds }: Growth): Told | undefined {
  const grown = refusals
    .map((word) => [word, (after.errors[word] ?? 0) - (before.errors[word] ?? 0)] as const)
    .filter(([, count]) => count > 0);
  const count = grown.reduce((sum, [, one]) => sum + one, 0);
  if (count === 0) return undefined;
  const words = grown.map(([word, one]) => `${word}: ${one}`).join(', ');
  return {
    reason: 'WritesRefused',
    severity: 'Critical',
    summary: `${count} writes were refused within ${round(seconds, 1)} s (${words})`,
    since: before.at,
    value: round(count / seconds, 1),
    threshold: 0,
    unit: 'errors/s',
    source: 'info errorstats, read twice',
    facts: { errors: Object.fromEntries(grown), seconds: round(seconds, 1), policy: after.policy },
  };
}
