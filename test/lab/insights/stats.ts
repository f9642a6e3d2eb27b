import { evaluate } from './expression-evaluator.ts';
import type { Row } from './records.ts';
import type { Command } from './syntax.ts';
import { toText, type Value } from './values.ts';

interface Group {
  readonly keys: Row;
  readonly rows: Row[];
}

/**
 * A row for each group, in the order in which the groups were met; no rows give no group, also without `by`, as the service has it.
 * A column may use those before it: `max(x) as a, min(x) as b, a - b as range`.
 */
export function statsOf({ columns, by }: Extract<Command, { kind: 'stats' }>, rows: readonly Row[]): Row[] {
  return groups(by, rows).map(({ keys, rows: members }) => {
    const row: Row = new Map(keys);
    for (const { name, expression } of columns) row.set(name, evaluate(expression, row, members));
    return row;
  });
}

function groups(by: Extract<Command, { kind: 'stats' }>['by'], rows: readonly Row[]): Group[] {
  const found = new Map<string, Group>();
  for (const row of rows) {
    const keys: Row = new Map(by.map(({ name, expression }) => [name, evaluate(expression, row)]));
    const id = JSON.stringify([...keys.values()].map(identity));
    const group = found.get(id) ?? { keys, rows: [] };
    group.rows.push(row);
    found.set(id, group);
  }
  return [...found.values()];
}

function identity(value: Value): string | null {
  return value === undefined ? null : toText(value);
}
