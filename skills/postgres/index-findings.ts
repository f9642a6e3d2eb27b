import type { Finding } from '../../controller/evidence/finding.ts';
import type { GapList } from '../lib/gaps.ts';
import { round } from '../lib/statistics.ts';
import type { ProbeContext, SkillNode } from '../skill.ts';
import { findingOf } from './finding.ts';
import { thresholdsOf } from './parameters.ts';
import { type FilteredScan, filteredScans, planOf } from './plan.ts';
import type { StatementDelta } from './sample.ts';
import { indexOn, readShapes, type TableScans, type TableShape } from './tables.ts';

/** Statements that are explained: those that took most of the time of the look. */
const mostExplained = 3;
/** The view keeps no more of a statement than this for us; what was cut off cannot be explained. */
const longestText = 1_000;

/** Of a table: who wants more of it reads it from end to end though there is an index. */
const mostOfTable = 0.1;

interface Suspect extends FilteredScan {
  readonly statement: StatementDelta;
}

/**
 * Large tables that were read from end to end while we looked, by a statement whose plan throws away nearly all of it by columns that
 * no index begins with. Both must be seen: counters do not tell who scans, and a plan does not tell that it is run.
 */
export async function missingIndexFindings(
  context: ProbeContext,
  seen: { readonly scans: readonly TableScans[]; readonly statements: readonly StatementDelta[] },
  gaps: GapList,
): Promise<readonly Finding[]> {
  const { largeTableRows } = thresholdsOf(context.node.with);
  const large = seen.scans.filter(({ scans, read }) => read / scans >= largeTableRows);
  if (large.length === 0) return [];
  const suspects = await suspectsAmong(context, seen.statements, gaps);
  const named = [...new Set(suspects.map(({ table }) => table))];
  const shapes = await gaps.orGap('indexes', readShapes(context, named), []);
  return suspects
    .filter(isFirstOfItsKind)
    .flatMap((suspect) => large.flatMap((scans) => findingFrom(context.node, { suspect, scans, shapes })));
}

/** Only reads: the plan of what writes is not asked for. */
async function suspectsAmong(
  context: ProbeContext,
  statements: readonly StatementDelta[],
  gaps: GapList,
): Promise<readonly Suspect[]> {
  const reading = statements
    .filter(({ text }) => /^\s*(select|with)\b/i.test(text) && text.length < longestText)
    .toSorted((a, b) => b.ms - a.ms || (a.id < b.id ? -1 : 1))
    .slice(0, mostExplained);
  const suspects: Suspect[] = [];
  for (const statement of reading) {
    const plan = await gaps.orGap('the plan of a statement', planOf(context, statement.text), '');
    suspects.push(...filteredScans(plan).map((scan) => ({ ...scan, statement })));
  }
  return suspects;
}

/** Several statements may lack the same index; the one that took most time stands for them. */
function isFirstOfItsKind(suspect: Suspect, at: number, all: readonly Suspect[]): boolean {
  const same = ({ table, columns }: Suspect): boolean =>
    table === suspect.table && columns.join() === suspect.columns.join();
  return all.findIndex(same) === at;
}

interface Scanned {
  readonly suspect: Suspect;
  readonly scans: TableScans;
  readonly shapes: readonly TableShape[];
}

function findingFrom(node: SkillNode, { suspect, scans, shapes }: Scanned): readonly Finding[] {
  const shape = shapes.find(({ schema, table }) => schema === scans.schema && table === scans.table);
  const { columns, statement, rows: wanted = 0 } = suspect;
  if (scans.table !== suspect.table || shape === undefined || indexOn(shape, columns) !== undefined) return [];
  if (shape.rows > 0 && wanted > shape.rows * mostOfTable) return [];
  if (columns.some((column) => !shape.columns.has(column))) return [];
  const { schema, table } = scans;
  const rows = Math.round(scans.read / scans.scans);
  const meanMs = round(statement.ms / statement.calls, 1);
  const found = findingOf(node.id, {
    reason: 'MissingIndex',
    subject: `${schema}.${table}(${columns.join(',')})`,
    severity: 'Warning',
    summary: `no index of ${schema}.${table} begins with ${columns.join(', ')}: a statement of ${meanMs} ms reads ${rows} rows to find its own: ${statement.query}`,
    value: rows,
    threshold: thresholdsOf(node.with).largeTableRows,
    unit: 'rows/scan',
    view: 'pg_stat_user_tables, read twice; explain_query',
    facts: {
      schema,
      table,
      columns: [...columns],
      scans: scans.scans,
      rowsRead: scans.read,
      meanMs,
      query: statement.query,
    },
  });
  return [found];
}
