import type { Json } from '../../controller/api/json.ts';
import { listOf, numberOf, objectOf, textOf } from '../lib/reading.ts';
import type { ProbeContext } from '../skill.ts';
import { connectionOf } from './address.ts';

export const explainQueryTool = 'explain_query';

/** A table that a statement reads from end to end, and by which columns it throws most of it away. */
export interface FilteredScan {
  readonly table: string;
  /** Compared with `=` first, then at most one that is compared otherwise: the order an index on them should have. */
  readonly columns: readonly string[];
  /** That the planner expects to be left; undefined where the plan does not say. */
  readonly rows: number | undefined;
}

/** The planner's words for a statement; parameters ($1) may be in it. @throws ToolError */
export async function planOf(
  { node, tools, signal }: Pick<ProbeContext, 'node' | 'tools' | 'signal'>,
  sql: string,
): Promise<string> {
  return wordsOf(await tools.call(explainQueryTool, { sql, ...connectionOf(node.with) }, signal));
}

/** Text as it is, or as newer versions of postgres-mcp's framework hand it over: `{result: [{type: 'text', text}]}`. */
function wordsOf(answer: Json): string {
  const first = objectOf(listOf(Array.isArray(answer) ? answer : objectOf(answer)['result'])[0]);
  return textOf(answer) ?? textOf(first['text']) ?? '';
}

/** `Seq Scan on t` of PostgreSQL's own text, and `Seq Scan (Cost: ...) on t` of postgres-mcp's; the filter is on the next line. */
const filteredScan = /Seq Scan(?: \(Cost: [^)]*\))? on (?:"([^"]+)"|([\w$]+))([^\n]*)\n\s*Filter: ([^\n]+)/gi;
const expectedRows = /\brows[=:] ?(\d+)/i;
/** A column, perhaps cast, before an operator that a B-tree serves. A function of a column is none. */
const comparison = /(?<!\w)\((?:\()?(?:"([^"]+)"|([a-z_][\w$]*))\)?(?:::[a-z ]+)? (=|<=|>=|<|>) /g;

/** What one index would serve: with alternatives (OR) in a filter none does. */
export function filteredScans(plan: string): readonly FilteredScan[] {
  return [...plan.matchAll(filteredScan)].flatMap(([, quoted, plain, costs = '', filter = '']) => {
    const columns = / OR /.test(filter) ? [] : comparedIn(filter);
    const rows = numberOf(expectedRows.exec(costs)?.[1]);
    return columns.length === 0 ? [] : [{ table: quoted ?? plain ?? '', columns, rows }];
  });
}

function comparedIn(filter: string): readonly string[] {
  const compared = [...filter.matchAll(comparison)].map(([, quoted, plain, operator]) => ({
    column: quoted ?? plain ?? '',
    equal: operator === '=',
  }));
  const equal = compared.filter((one) => one.equal);
  const other = compared.filter((one) => !one.equal).slice(0, 1);
  return [...new Set([...equal, ...other].map(({ column }) => column))];
}
