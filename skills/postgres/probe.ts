import type { Finding, Gap, ProbeResult } from '../../controller/evidence/finding.ts';
import { ToolFailed } from '../../controller/mcp/errors.ts';
import { GapList } from '../lib/gaps.ts';
import type { ProbeContext } from '../skill.ts';
import { type Activity, readActivity } from './activity.ts';
import { postgresIdentity } from './address.ts';
import { blockingFindings } from './blocking-findings.ts';
import { connectionFindings, connectionSeries, refusedFinding } from './connection-findings.ts';
import { unreachableFinding } from './down-finding.ts';
import { thresholdsOf } from './parameters.ts';
import type { Reading } from './queries.ts';
import { deadlockFindings, sizeFinding, slowFindings } from './sample-findings.ts';
import { type Counters, readCounters, readStatements, statementsBetween, type StatementTotals } from './sample.ts';
import { transactionFindings } from './transaction-findings.ts';

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
  if (activity.hidden > 0) {
    gaps.add('sessions of other roles', `${activity.hidden} sessions are hidden: the role needs pg_monitor`);
  }
  const findings = [
    ...blockingFindings(node, activity),
    ...connectionFindings(node, activity),
    ...transactionFindings(node, activity),
    ...sampled,
    sizeFinding(node, activity.database, activity.databaseBytes),
  ];
  return { ...resultOf(context, { findings, gaps: gaps.list() }), series: connectionSeries(node, activity) };
}

async function sampleFindings(context: ProbeContext, activity: Activity, gaps: GapList): Promise<readonly Finding[]> {
  const { node, clock, signal } = context;
  if (!activity.hasStatements) gaps.add('slow queries', 'pg_stat_statements is not installed in this database');
  const counters = (reading: Reading): Promise<Counters | undefined> =>
    gaps.orGap('deadlocks', readCounters(context, reading), undefined);
  const statements = (reading: Reading): Promise<readonly StatementTotals[] | undefined> =>
    gaps.orGap('slow queries', readStatements(context, reading), undefined);
  const countersBefore = await counters(1);
  const statementsBefore = activity.hasStatements ? await statements(1) : undefined;
  await clock.sleep(thresholdsOf(node.with).sampleSeconds * 1000, signal);
  const countersAfter = countersBefore && (await counters(2));
  const statementsAfter = statementsBefore && (await statements(2));
  return [
    ...(countersBefore && countersAfter ? deadlockFindings(node, countersBefore, countersAfter) : []),
    ...(statementsBefore && statementsAfter
      ? slowFindings(node, statementsBetween(statementsBefore, statementsAfter))
      : []),
  ];
}

/** SQLSTATE 53300 is too_many_connections, class 57P a server that is going down or coming up. */
function failureFinding({ node, clock }: ProbeContext, error: unknown): Finding | undefined {
  if (!(error instanceof ToolFailed)) return undefined;
  if (error.code === '53300') return refusedFinding(node, error.reason);
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
