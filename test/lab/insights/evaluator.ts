import { evaluate } from './expression-evaluator.ts';
import { toRow, type LogEvent, type Row } from './records.ts';
import { statsOf } from './stats.ts';
import type { Column, Command, Query } from './syntax.ts';
import { compareNaturally, isTrue, toText, type Value } from './values.ts';

export interface ResultField {
  readonly field: string;
  readonly value: string;
}

export interface QueryStatistics {
  readonly recordsMatched: number;
  readonly recordsScanned: number;
  /** Of the messages, in UTF-8. */
  readonly bytesScanned: number;
}

export interface QueryAnswer {
  readonly results: ResultField[][];
  readonly statistics: QueryStatistics;
}

/** The service's own limit when neither the query nor the request has one. */
const defaultLimit = 10_000;

/** Between two commands. */
interface State {
  readonly rows: readonly Row[];
  /** The columns named so far; undefined: those of a query that names none. */
  readonly columns: readonly string[] | undefined;
  readonly parsed: readonly string[];
  readonly displayed: readonly string[] | undefined;
  readonly isAggregated: boolean;
  readonly isLimited: boolean;
  readonly matched: number;
}

/** Answers a query over these events, in any order. `limit` is the request's, for a query that has no limit command. */
export function answer(query: Query, events: readonly LogEvent[], limit: number = defaultLimit): QueryAnswer {
  const rows = newestFirst(events).map(toRow);
  const begin: State = {
    rows,
    columns: undefined,
    parsed: [],
    displayed: undefined,
    isAggregated: false,
    isLimited: false,
    matched: rows.length,
  };
  const end = query.commands.reduce(apply, begin);
  const bytesScanned = events.reduce((bytes, event) => bytes + Buffer.byteLength(event.message), 0);
  return {
    results: show(end.isLimited ? end : { ...end, rows: end.rows.slice(0, limit) }),
    statistics: { recordsMatched: end.matched, recordsScanned: events.length, bytesScanned },
  };
}

function newestFirst(events: readonly LogEvent[]): LogEvent[] {
  return events.toSorted((left, right) => left.timestamp - right.timestamp).toReversed();
}

function apply(state: State, command: Command): State {
  switch (command.kind) {
    case 'fields':
      compute(command.columns, state.rows);
      return { ...state, columns: union(state.columns ?? [], names(command.columns)) };
    case 'display':
      compute(command.columns, state.rows);
      return { ...state, displayed: names(command.columns) };
    case 'filter':
      return filtered(state, command.condition);
    case 'parse':
      for (const row of state.rows) extract(command, row);
      return { ...state, parsed: union(state.parsed, command.names) };
    case 'stats':
      return {
        ...state,
        rows: statsOf(command, state.rows),
        columns: names([...command.columns, ...command.by]),
        parsed: [],
        displayed: undefined,
        isAggregated: true,
      };
    case 'sort':
      return { ...state, rows: state.rows.toSorted((left, right) => inSortOrder(command, left, right)) };
    case 'dedup':
      return { ...state, rows: withoutDuplicates(state.rows, command.fields) };
    case 'limit':
      return { ...state, rows: state.rows.slice(0, command.count), isLimited: true };
  }
}

function compute(columns: readonly Column[], rows: readonly Row[]): void {
  for (const row of rows) for (const { name, expression } of columns) row.set(name, evaluate(expression, row));
}

function filtered(state: State, condition: Extract<Command, { kind: 'filter' }>['condition']): State {
  const rows = state.rows.filter((row) => isTrue(evaluate(condition, row)));
  return { ...state, rows, matched: state.isAggregated ? state.matched : rows.length };
}

/** An event that the pattern does not match stays, without the fields. */
function extract({ source, pattern, names: fields }: Extract<Command, { kind: 'parse' }>, row: Row): void {
  const value = evaluate(source, row);
  const found = value === undefined ? null : pattern.exec(toText(value));
  for (const [index, field] of fields.entries()) {
    row.set(field, found?.groups === undefined ? found?.[index + 1] : found.groups[field]);
  }
}

function inSortOrder({ keys }: Extract<Command, { kind: 'sort' }>, left: Row, right: Row): number {
  for (const { expression, descending } of keys) {
    const order = compareNaturally(evaluate(expression, left), evaluate(expression, right));
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

/** The first of those with equal values stays; a row that lacks one of the fields is no duplicate. */
function withoutDuplicates(rows: readonly Row[], fields: readonly string[]): Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const values = fields.map((field) => row.get(field)).filter((value) => value !== undefined);
    if (values.length < fields.length) return true;
    const key = JSON.stringify(values.map(toText));
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function show(state: State): ResultField[][] {
  const columns = state.displayed ?? union(state.columns ?? ['@timestamp', '@message'], state.parsed);
  const shown = state.isAggregated ? columns : union(columns, ['@ptr']);
  return state.rows.map((row) => shown.flatMap((field) => present(field, row.get(field))));
}

/** A field that an event does not have is left out of its result. */
function present(field: string, value: Value): ResultField[] {
  return value === undefined ? [] : [{ field, value: toText(value) }];
}

function names(columns: readonly Column[]): string[] {
  return columns.map((column) => column.name);
}

function union(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])];
}
