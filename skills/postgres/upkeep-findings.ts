import type { Finding } from '../../controller/evidence/finding.ts';
import { numberOf } from '../lib/reading.ts';
import { round } from '../lib/statistics.ts';
import type { SkillNode } from '../skill.ts';
import type { Activity } from './activity.ts';
import { findingOf } from './finding.ts';
import { thresholdsOf } from './parameters.ts';
import type { Upkeep } from './upkeep.ts';

/** Transaction ids that there are before the server refuses to give out more: 2^31 less 3 million that it keeps. */
const lastTransaction = 2 ** 31 - 3_000_000;
const criticalPercent = 90;
const megabyte = 1024 ** 2;

export function upkeepFindings(node: SkillNode, upkeep: Upkeep, { at, databaseBytes }: Activity): readonly Finding[] {
  return [
    ...replicationFindings(node, upkeep, at),
    ...wraparoundFindings(node, upkeep),
    ...slotFindings(node, upkeep),
    ...roomFindings(node, databaseBytes),
  ];
}

function replicationFindings(node: SkillNode, { replicas }: Upkeep, at: Date): readonly Finding[] {
  const threshold = thresholdsOf(node.with).replicationLagSeconds;
  return replicas.flatMap(({ name, state, seconds = 0, bytes }) => {
    if (seconds < threshold) return [];
    const found = findingOf(node.id, {
      reason: 'ReplicationLag',
      subject: name,
      severity: 'Warning',
      summary: `${name} (${state}) is ${round(seconds, 1)} s behind, ${round(bytes / megabyte, 1)} MiB of log`,
      // What it replays now was written then.
      since: new Date(at.getTime() - seconds * 1000).toISOString(),
      value: round(seconds, 1),
      threshold,
      unit: 's',
      view: 'pg_stat_replication',
      facts: { replica: name, state, bytes },
    });
    return [found];
  });
}

function wraparoundFindings(node: SkillNode, { frozenAge }: Upkeep): readonly Finding[] {
  const threshold = thresholdsOf(node.with).wraparoundPercent;
  const percent = round((frozenAge / lastTransaction) * 100, 1);
  if (percent < threshold) return [];
  const found = findingOf(node.id, {
    reason: 'WraparoundNear',
    subject: 'database',
    severity: percent >= criticalPercent ? 'Critical' : 'Warning',
    summary: `${percent} % of the transaction ids are used since the oldest row was frozen; at 100 % nothing is written any more`,
    value: percent,
    threshold,
    unit: '%',
    view: 'age(pg_database.datfrozenxid)',
    facts: { frozenAge },
  });
  return [found];
}

function slotFindings(node: SkillNode, { idleSlots }: Upkeep): readonly Finding[] {
  return idleSlots.map(({ name, status, since }) =>
    findingOf(node.id, {
      reason: 'LogRetained',
      subject: name,
      severity: 'Warning',
      summary: `nobody reads replication slot ${name} (${status}): the log that is kept for it fills the disk`,
      since,
      value: 1,
      threshold: 0,
      unit: 'idle slots',
      view: 'pg_replication_slots',
      facts: { slot: name, status },
    }),
  );
}

/** SQL does not tell how large the disk is; the map may. */
function roomFindings(node: SkillNode, databaseBytes: number): readonly Finding[] {
  const room = numberOf(node.with['maxDatabaseMegabytes']);
  if (room === undefined || databaseBytes < room * megabyte) return [];
  const found = findingOf(node.id, {
    reason: 'DatabaseTooLarge',
    subject: 'database',
    severity: 'Warning',
    summary: `the database holds ${round(databaseBytes / megabyte, 0)} MiB, ${room} are what it has room for`,
    value: databaseBytes,
    threshold: room * megabyte,
    unit: 'bytes',
    view: 'pg_database_size()',
    facts: { bytes: databaseBytes },
  });
  return [found];
}
