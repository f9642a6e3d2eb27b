import type { Finding } from '../../controller/evidence/finding.ts';
import { numberOf } from '../lib/reading.ts';
import { round } from '../lib/statistics.ts';
import { countReached } from '../lib/time.ts';
import type { SkillNode } from '../skill.ts';
import type { Activity } from './activity.ts';
import { findingOf } from './finding.ts';
import { isOwnSession, thresholdsOf } from './parameters.ts';

/**
 * How much of its own pools the service uses, where the map says how large they are. Those who wait for a connection are not seen
 * from here, but when all are open and none is idle, whoever comes next waits.
 */
export function poolFindings(node: SkillNode, activity: Activity): readonly Finding[] {
  const size = numberOf(node.with['poolSize']);
  if (size === undefined) return [];
  const own = activity.clients.filter((one) => isOwnSession(node.with, one));
  const count = (isMeant: (state: string) => boolean): number =>
    own.filter(({ state }) => isMeant(state)).reduce((sum, one) => sum + one.count, 0);
  const busy = count((state) => state !== 'idle');
  const percent = round((busy / size) * 100, 1);
  const threshold = thresholdsOf(node.with).maxConnectionsPercent;
  if (percent < threshold) return [];
  const idleInTransaction = count((state) => state.startsWith('idle in transaction'));
  const found = findingOf(node.id, {
    reason: 'PoolSaturated',
    subject: 'pool',
    severity: 'Warning',
    summary: `${busy} of the ${size} connections of the service's own pools are busy, ${idleInTransaction} of them idle in a transaction`,
    since: busySince(node, activity, Math.ceil((size * threshold) / 100)),
    value: percent,
    threshold,
    unit: '%',
    view: 'pg_stat_activity, poolSize of the map',
    facts: { busy, size, idleInTransaction, open: count(() => true) },
  });
  return [found];
}

/** Whoever is busy is in a transaction, be it that of one statement. */
function busySince(node: SkillNode, { sessions }: Activity, count: number): string | undefined {
  const begins = [...sessions.values()]
    .filter((one) => isOwnSession(node.with, one))
    .flatMap(({ transactionStart }) => (transactionStart === undefined ? [] : [new Date(transactionStart)]));
  return countReached(begins, count)?.toISOString();
}
