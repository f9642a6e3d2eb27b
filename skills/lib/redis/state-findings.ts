import type { Finding } from '../../../controller/evidence/finding.ts';
import { isDefined, textOf } from '../reading.ts';
import { round } from '../statistics.ts';
import { countReached } from '../time.ts';
import type { SkillNode } from '../../skill.ts';
import { consequenceOf, refusesWhenFull } from './eviction.ts';
import { findingOf, type Told } from './finding.ts';
import type { RedisClients, RedisInfo } from './info.ts';
import { thresholdsOf } from './thresholds.ts';

/** What one look at the server shows. */
export function stateFindings(node: SkillNode, info: RedisInfo, { blocked }: RedisClients): readonly Finding[] {
  const told = [
    memoryNearMax(node, info),
    blockedClients(node, info, blocked),
    replicationDown(info),
    loading(info),
    persistenceFailing(info),
    evictionPolicy(info),
    policyDiffers(node, info),
  ];
  return told.filter(isDefined).map((one) => findingOf(node.id, one));
}

export function memoryPercent({ usedMemory, maxMemory }: RedisInfo): number {
  return maxMemory === 0 ? 0 : round((usedMemory / maxMemory) * 100, 1);
}

/** Near its bound it throws keys away, which is a cache at work, or without a policy to do so refuses writes. */
function memoryNearMax(node: SkillNode, info: RedisInfo): Told | undefined {
  const threshold = thresholdsOf(node.with).maxMemoryPercent;
  const percent = memoryPercent(info);
  if (info.maxMemory === 0 || percent < threshold) return undefined;
  const { usedMemory, maxMemory, policy, keys, expiringKeys } = info;
  const refuses = refusesWhenFull(policy, expiringKeys);
  const mebibytes = (bytes: number): number => round(bytes / 1024 ** 2, 1);
  const evicts = { reason: 'CacheFull', severity: 'Info' } as const;
  return {
    ...(refuses ? { reason: 'MemoryNearMax', severity: percent >= 100 ? 'Critical' : 'Warning' } : evicts),
    summary: `${mebibytes(usedMemory)} of ${mebibytes(maxMemory)} MiB are used; policy ${policy} ${refuses ? 'refuses writes' : 'evicts keys'} beyond that`,
    value: percent,
    threshold,
    unit: '%',
    source: 'info memory',
    facts: { usedMemory, maxMemory, policy, keys, expiringKeys },
  };
}

/** Waiting in a blocking command is ordinary for consumers; very many of them wait for what nobody produces. */
function blockedClients(node: SkillNode, info: RedisInfo, blocked: readonly Date[]): Told | undefined {
  const threshold = thresholdsOf(node.with).maxBlockedClients;
  if (info.blockedClients <= threshold) return undefined;
  return {
    reason: 'BlockedClients',
    severity: 'Warning',
    summary: `${info.blockedClients} of ${info.clients} clients wait in blocking commands`,
    since: countReached(blocked, threshold + 1),
    value: info.blockedClients,
    threshold,
    unit: 'clients',
    source: 'info clients, client_list',
    facts: { blocked: info.blockedClients, clients: info.clients },
  };
}

function replicationDown(info: RedisInfo): Told | undefined {
  if (info.primaryLinkUp) return undefined;
  const since = new Date(info.at.getTime() - Math.max(0, info.primaryLinkDownSeconds) * 1000);
  return {
    reason: 'ReplicationDown',
    severity: 'Critical',
    summary: `this replica has lost its primary for ${Math.max(0, info.primaryLinkDownSeconds)} s`,
    since,
    value: 0,
    threshold: 1,
    unit: 'links up',
    source: 'info replication',
    facts: { role: info.role, downSeconds: info.primaryLinkDownSeconds },
  };
}

function loading(info: RedisInfo): Told | undefined {
  if (!info.loading) return undefined;
  return {
    reason: 'Loading',
    severity: 'Critical',
    summary: `the server has been up for ${info.uptimeSeconds} s and still loads its data: it answers no command`,
    since: new Date(info.at.getTime() - info.uptimeSeconds * 1000),
    value: 1,
    threshold: 0,
    unit: 'loading',
    source: 'info persistence',
    facts: { uptimeSeconds: info.uptimeSeconds },
  };
}

function persistenceFailing(info: RedisInfo): Told | undefined {
  if (!info.lastSaveFailed) return undefined;
  return {
    reason: 'PersistenceFailing',
    severity: 'Warning',
    summary: 'the last attempt to save failed; by default writes are refused until one succeeds',
    value: 1,
    threshold: 0,
    unit: 'failed saves',
    source: 'info persistence',
    facts: {},
  };
}

function evictionPolicy(info: RedisInfo): Told {
  return {
    reason: 'EvictionPolicy',
    severity: 'Info',
    summary: `policy ${info.policy}, ${info.maxMemory === 0 ? 'no bound on memory' : `${info.maxMemory} bytes at most`}`,
    value: info.maxMemory,
    threshold: 0,
    unit: 'bytes',
    source: 'info memory',
    facts: { policy: info.policy, maxMemory: info.maxMemory, version: info.version },
  };
}

/** Redis keeps no history of its settings: that somebody changed this one shows only against what the map says. */
function policyDiffers(node: SkillNode, { policy }: RedisInfo): Told | undefined {
  const wanted = textOf(node.with['maxMemoryPolicy']);
  if (wanted === undefined || policy === wanted) return undefined;
  return {
    reason: 'PolicyDiffers',
    severity: 'Info',
    summary: `policy ${policy} is in force, and the map says ${wanted}: ${consequenceOf(policy)}`,
    value: 1,
    threshold: 0,
    unit: 'settings that differ',
    source: 'info memory',
    facts: { policy, wanted },
  };
}
