import type { Finding, Gap, ProbeResult } from '../../controller/evidence/finding.ts';
import { ToolFailed } from '../../controller/mcp/errors.ts';
import { GapList } from '../lib/gaps.ts';
import { clientPeers, withPeers } from '../lib/peers.ts';
import type { ProbeContext } from '../skill.ts';
import { type Activity, readActivity } from './activity.ts';
import { postgresIdentity } from './address.ts';
import { blockingFindings } from './blocking-findings.ts';
import { connectionFindings, connectionSeries, refusedFinding } from './connection-findings.ts';
import { unreachableFinding } from './down-finding.ts';
import { thresholdsOf } from './parameters.ts';
import type { Reading } from './queries.ts';
import { missingIndexFindings } from './index-findings.ts';
import { poolFindings } from './pool-findings.ts';
import { runningFindings } from './running-findings.ts';
import { deadlockFindings, sizeFinding, slowFindings } from './sample-findings.ts';
import { type Counters, readCounters, readStatements, statementsBetween, type StatementTotals } from './sample.ts';
import { schemaFindings } from './schema-findings.ts';
import { readScans, scansBetween, type TableScans } from './tables.ts';
import { transactionFindings } from './transaction-findings.ts';
import { readUpkeep } from './upkeep.ts';
import { upkeepFindings } from './upkeep-findings.ts';

/** Looks at one database. @throws when its sessions cannot be read, unless the reason is itself what is wrong */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  try {
    return await look(context);
  } catch (error) {
    context.signal.throwIfAborted();
    const finding = failureFinding(context, error);
    if (finding === undefined) throw error;
    return resultOf(context, { findings: [finding], gaps: [notSeen(context)] });
  }
}

async function look(context: ProbeContext): Promise<ProbeResult> {
  const { node, signal } = context;
  const gaps = new GapList(node.id, signal);
  const activity = await readActivity(context);
  const sampled = await sampleFindings(context, activity, gaps);
  const upkeep = await gaps.orGap('replication and wraparound', readUpkeep(context), undefined);
  if (activity.hidden > 0) {
    gaps.add('sessions of other roles', `${activity.hidden} sessions are hidden: the role needs pg_monitor`);
  }
  const findings = [
    ...blockingFindings(node, activity),
    ...connectionFindings(node, activity),
    ...transactionFindings(node, activity),
    ...poolFindings(node, activity),
    ...runningFindings(node, activity),
    ...sampled,
    ...(await gaps.orGap('the schema', schemaFindings(context), [])),
    ...(upkeep === undefined ? [] : upkeepFindings(node, upkeep, activity)),
    sizeFinding(node, activity.database, activity.databaseBytes),
  ];
  return {
    ...resultOf(context, { findings, gaps: gaps.list() }),
    ...withPeers(
      clientPeers(
        activity.clients.map(({ application }) => application),
        'pg_stat_activity',
      ),
    ),
    series: connectionSeries(node, activity),
  };
}

/** One of two readings of what only grows; undefined is what could not be read. */
interface Sample {
  readonly counters: Counters | undefined;
  readonly statements: readonly StatementTotals[] | undefined;
  readonly scans: readonly TableScans[] | undefined;
}

async function sampleFindings(context: ProbeContext, activity: Activity, gaps: GapList): Promise<readonly Finding[]> {
  const { node, clock, signal } = context;
  if (!activity.hasStatements) gaps.add('slow queries', 'pg_stat_statements is not installed in this database');
  const before = await readSample(
    context,
    { counters: true, scans: true, statements: activity.hasStatements },
    gaps,
    1,
  );
  await clock.sleep(thresholdsOf(node.with).sampleSeconds * 1000, signal);
  const after = await readSample(context, before, gaps, 2);
  const statements =
    before.statements && after.statements ? statementsBetween(before.statements, after.statements) : [];
  const scans = before.scans && after.scans ? scansBetween(before.scans, after.scans) : [];
  return [
    ...(before.counters && after.counters ? deadlockFindings(node, before.counters, after.counters) : []),
    ...slowFindings(node, statements, before.counters?.at),
    ...(await missingIndexFindings(context, { statements, scans }, gaps)),
  ];
}

/** What the first reading lacks the second one does not ask for: alone it tells nothing. */
async function readSample(
  context: ProbeContext,
  wanted: Readonly<Record<keyof Sample, unknown>>,
  gaps: GapList,
  reading: Reading,
): Promise<Sample> {
  const read = async <T>(part: keyof Sample, what: string, answer: () => Promise<T>): Promise<T | undefined> =>
    wanted[part] ? gaps.orGap<T | undefined>(what, answer(), undefined) : undefined;
  return {
    counters: await read('counters', 'deadlocks', () => readCounters(context, reading)),
    statements: await read('statements', 'slow queries', () => readStatements(context, reading)),
    scans: await read('scans', 'sequential scans', () => readScans(context, reading)),
  };
}

/** SQLSTATE 53300 is too_many_connections, class 57P a server that is going down or coming up. */
function failureFinding({ node, clock }: ProbeContext, error: unknown): Finding | undefined {
  if (!(error instanceof ToolFailed)) return undefined;
  if (error.code === '53300') return refusedFinding(node, error.reason, clock.now());
  if (error.code === 'ECONNREFUSED' || /^57P0[1-3]$/.test(error.code)) {
    return unreachableFinding(node, error, clock.now());
  }
  return undefined;
}

function notSeen({ node }: ProbeContext): Gap {
  return { node: node.id, what: 'sessions, locks and statements', reason: 'the server takes no connection' };
}

function resultOf(
  { node }: ProbeContext,
  seen: { readonly findings: readonly Finding[]; readonly gaps: readonly Gap[] },
): ProbeResult {
  return { ...seen, series: [], changes: [], logTemplates: [], identity: postgresIdentity(node.with) ?? node.id };
}
