import type { Json } from '../../controller/api/json.ts';
import { isDefined, listOf, numberOf, objectOf, textOf } from '../lib/reading.ts';
import type { ProbeContext } from '../skill.ts';
import { microTime } from './micro-time.ts';
import { countersQuery, mostStatements, type Reading, statementsQuery } from './queries.ts';
import { queryTemplate } from './query-template.ts';
import { reportOf } from './report.ts';

export interface Counters {
  readonly at: Date;
  readonly deadlocks: number;
  readonly commits: number;
  readonly rollbacks: number;
}

export interface StatementTotals {
  readonly id: string;
  readonly calls: number;
  readonly ms: number;
  /** Literals masked: what may be told. */
  readonly query: string;
  /** As the server has it, to be explained and never told. */
  readonly text: string;
}

/** What a statement did between two readings, and all that it had done before: its own normal. */
export interface StatementDelta extends StatementTotals {
  readonly before: { readonly calls: number; readonly ms: number };
}

/** @throws ToolError, ReportUnreadable */
export async function readCounters(context: ProbeContext, reading: Reading): Promise<Counters> {
  const report = await reportOf(context, countersQuery(reading));
  return {
    at: new Date(microTime(report['at']) ?? 0),
    deadlocks: numberOf(report['deadlocks']) ?? 0,
    commits: numberOf(report['commits']) ?? 0,
    rollbacks: numberOf(report['rollbacks']) ?? 0,
  };
}

/** @throws ToolError, ReportUnreadable */
export async function readStatements(context: ProbeContext, reading: Reading): Promise<readonly StatementTotals[]> {
  const report = await reportOf(context, statementsQuery(reading));
  return listOf(report['statements']).map(parseStatement).filter(isDefined);
}

function parseStatement(value: Json): StatementTotals | undefined {
  const row = objectOf(value);
  const id = textOf(row['id']);
  const calls = numberOf(row['calls']);
  const ms = numberOf(row['ms']);
  if (id === undefined || calls === undefined || ms === undefined) return undefined;
  const text = textOf(row['query']) ?? '';
  return { id, calls, ms, query: queryTemplate(text), text };
}

/**
 * What each statement did between two readings. One that the first reading lacks is new when that reading held all there were;
 * otherwise it was too small to be among them, and nothing is told of it. Nor is anything after a reset.
 */
export function statementsBetween(
  before: readonly StatementTotals[],
  after: readonly StatementTotals[],
): readonly StatementDelta[] {
  const earlier = new Map(before.map((one) => [one.id, one]));
  const whole = before.length < mostStatements;
  return after.flatMap((one) => {
    const was = earlier.get(one.id) ?? (whole ? { calls: 0, ms: 0 } : one);
    const calls = one.calls - was.calls;
    const before = { calls: was.calls, ms: was.ms };
    return calls > 0 ? [{ ...one, calls, ms: one.ms - was.ms, before }] : [];
  });
}
