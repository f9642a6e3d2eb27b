import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import type { ProbeContext, SkillNode } from '../skill.ts';
import { type ExpectedTable, expectedTables } from './expected-schema.ts';
import { findingOf } from './finding.ts';
import { indexOn, keyOf, readShapes, type TableShape } from './tables.ts';

/** One way in which the database is not what the service was written for. */
interface Drift {
  readonly what: 'Table' | 'Column' | 'Type' | 'Index';
  readonly words: string;
  readonly facts: JsonObject;
}

/** What of the expected schema is not there, a finding for each table. @throws ToolError, ReportUnreadable */
export async function schemaFindings(context: ProbeContext): Promise<readonly Finding[]> {
  const expected = expectedTables(context.node.with);
  const names = [...new Set(expected.map(({ table }) => table))];
  const shapes = new Map((await readShapes(context, names)).map((shape) => [keyOf(shape), shape]));
  return expected.flatMap((one) => findingAbout(context.node, one, driftsOf(one, shapes.get(keyOf(one)))));
}

function driftsOf(expected: ExpectedTable, shape: TableShape | undefined): readonly Drift[] {
  if (shape === undefined) return [{ what: 'Table', words: 'the table is missing', facts: {} }];
  const columns = Object.entries(expected.columns).flatMap(([column, type]) => columnDrift(column, type, shape));
  const indexes = expected.indexes
    // An index goes with its column; what is missing is that one.
    .filter((wanted) => wanted.every((column) => shape.columns.has(column)))
    .filter((wanted) => indexOn(shape, wanted) === undefined)
    .map((wanted): Drift => {
      return { what: 'Index', words: `no index on ${wanted.join(', ')}`, facts: { columns: [...wanted] } };
    });
  return [...columns, ...indexes];
}

function columnDrift(column: string, type: string, shape: TableShape): readonly Drift[] {
  const is = shape.columns.get(column);
  if (is === undefined) return [{ what: 'Column', words: `column ${column} is missing`, facts: { column } }];
  if (type === '' || type === is) return [];
  return [
    { what: 'Type', words: `column ${column} is ${is} and not ${type}`, facts: { column, type: is, expected: type } },
  ];
}

/** A statement that names what is not there fails; without an index it only takes longer. */
function findingAbout(node: SkillNode, { schema, table }: ExpectedTable, drifts: readonly Drift[]): readonly Finding[] {
  if (drifts.length === 0) return [];
  const breaks = drifts.some(({ what }) => what === 'Table' || what === 'Column');
  const found = findingOf(node.id, {
    reason: 'SchemaDrift',
    subject: `${schema}.${table}`,
    severity: breaks ? 'Critical' : 'Warning',
    summary: `${schema}.${table} is not as expected: ${drifts.map(({ words }) => words).join('; ')}`,
    value: drifts.length,
    threshold: 0,
    unit: 'differences',
    view: 'pg_class, pg_attribute, pg_index, against expectedSchema',
    facts: { schema, table, differences: drifts.map(({ what, facts }) => ({ what, ...facts })) },
  });
  return [found];
}
