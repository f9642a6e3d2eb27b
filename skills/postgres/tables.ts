import type { Json } from '../../controller/api/json.ts';
import { isDefined, listOf, numberOf, objectOf, textOf } from '../lib/reading.ts';
import type { ProbeContext } from '../skill.ts';
import type { Reading } from './queries.ts';
import { reportOf } from './report.ts';
import { indexQuery, scansQuery, shapesQuery } from './table-queries.ts';

type Reader = Pick<ProbeContext, 'tools' | 'signal' | 'node'>;

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** How often a table was read from end to end, and how many rows that took, since the statistics began. */
export interface TableScans extends TableName {
  readonly scans: number;
  readonly read: number;
  readonly rows: number;
}

export interface TableIndex {
  readonly name: string;
  /** In order; an expression is undefined. */
  readonly columns: readonly (string | undefined)[];
  /** It covers only some of the rows. */
  readonly partial: boolean;
}

export interface TableShape extends TableName {
  /** Estimates of the planner. */
  readonly rows: number;
  readonly bytes: number;
  /** Name to type, as PostgreSQL prints it. */
  readonly columns: ReadonlyMap<string, string>;
  /** Those that are valid. */
  readonly indexes: readonly TableIndex[];
}

/** @throws ToolError, ReportUnreadable */
export async function readScans(context: Reader, reading: Reading): Promise<readonly TableScans[]> {
  const report = await reportOf(context, scansQuery(reading));
  return listOf(report['tables']).flatMap((value) => {
    const row = objectOf(value);
    const count = (name: string): number => numberOf(row[name]) ?? 0;
    const named = tableName(value);
    return named === undefined ? [] : [{ ...named, scans: count('scans'), read: count('read'), rows: count('rows') }];
  });
}

/** Tables of these names, in whatever schema. @throws ToolError, ReportUnreadable */
export async function readShapes(context: Reader, names: readonly string[]): Promise<readonly TableShape[]> {
  if (names.length === 0) return [];
  const report = await reportOf(context, shapesQuery(names));
  return listOf(report['tables']).map(parseShape).filter(isDefined);
}

/** What was read of each table between two readings. */
export function scansBetween(before: readonly TableScans[], after: readonly TableScans[]): readonly TableScans[] {
  const earlier = new Map(before.map((one) => [keyOf(one), one]));
  return after.flatMap((one) => {
    const was = earlier.get(keyOf(one));
    if (was === undefined || one.scans <= was.scans) return [];
    return [{ ...one, scans: one.scans - was.scans, read: one.read - was.read }];
  });
}

export function keyOf({ schema, table }: TableName): string {
  return JSON.stringify([schema, table]);
}

/** An index that can be used to find rows by these columns: it begins with them, and covers all rows. */
export function indexOn({ indexes }: TableShape, columns: readonly string[]): TableIndex | undefined {
  return indexes.find((index) => !index.partial && columns.every((column, at) => index.columns[at] === column));
}

export interface IndexState {
  readonly oid: number;
  readonly table: string;
  readonly valid: boolean;
  readonly building: boolean;
}

/**
 * An index by its name. A build has ended a moment before its index is valid for others: what looks abandoned is looked at again.
 * @throws ToolError, ReportUnreadable
 */
export async function readIndex(
  context: Reader & Pick<ProbeContext, 'clock'>,
  schema: string,
  name: string,
): Promise<IndexState | undefined> {
  const first = await indexState(context, schema, name);
  if (first === undefined || first.valid || first.building) return first;
  await context.clock.sleep(1000, context.signal);
  return indexState(context, schema, name);
}

async function indexState(context: Reader, schema: string, name: string): Promise<IndexState | undefined> {
  const row = objectOf(listOf((await reportOf(context, indexQuery(schema, name)))['indexes'])[0]);
  const oid = numberOf(row['oid']);
  if (oid === undefined) return undefined;
  return { oid, table: textOf(row['table']) ?? '', valid: row['valid'] === true, building: row['building'] === true };
}

function tableName(value: Json): TableName | undefined {
  const row = objectOf(value);
  const schema = textOf(row['schema']);
  const table = textOf(row['table']);
  return schema === undefined || table === undefined ? undefined : { schema, table };
}

function parseShape(value: Json): TableShape | undefined {
  const row = objectOf(value);
  const named = tableName(value);
  if (named === undefined) return undefined;
  const columns = listOf(row['columns']).map((one) => {
    const { name, type } = objectOf(one);
    return [textOf(name) ?? '', textOf(type) ?? ''] as const;
  });
  return {
    ...named,
    rows: numberOf(row['rows']) ?? 0,
    bytes: numberOf(row['bytes']) ?? 0,
    columns: new Map(columns),
    indexes: listOf(row['indexes']).map(parseIndex),
  };
}

function parseIndex(value: Json): TableIndex {
  const { name, columns, partial } = objectOf(value);
  return { name: textOf(name) ?? '', columns: listOf(columns).map(textOf), partial: partial === true };
}
