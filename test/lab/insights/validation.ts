import { MalformedQuery } from './malformed.ts';
import type { Column, Command, Expression } from './syntax.ts';

/**
 * What grammar alone does not exclude: an aggregate outside of stats or within another, a column of stats that is not one, and
 * anything but limit after dedup.
 */
export function rejectMisplaced(
  command: Command,
  before: readonly Command[],
  at: { readonly start: number; readonly end: number },
): void {
  if (before.some(({ kind }) => kind === 'dedup') && command.kind !== 'limit') {
    throw new MalformedQuery(`only limit may follow dedup, not ${command.kind}`, at);
  }
  const plain = command.kind === 'stats' ? command.by.map((column) => column.expression) : expressionsOf(command);
  if (plain.some(hasAggregate)) throw new MalformedQuery('an aggregate may stand in stats only', at);
  if (command.kind === 'stats') rejectColumns(command.columns, at);
}

function rejectColumns(columns: readonly Column[], at: { readonly start: number; readonly end: number }): void {
  const nested = columns.some(({ expression }) =>
    aggregatesOf(expression).some((found) => partsOf(found).some(hasAggregate)),
  );
  if (nested) throw new MalformedQuery('an aggregate within an aggregate', at);
  const earlier = new Set<string>();
  for (const { name, expression } of columns) {
    const loose = looseFields(expression).find((field) => !earlier.has(field));
    const isConstant = !hasAggregate(expression) && looseFields(expression).length === 0;
    if (loose !== undefined)
      throw new MalformedQuery(`stats needs an aggregate of ${loose}, such as count(${loose})`, at);
    if (isConstant) throw new MalformedQuery(`${name} is not an aggregate`, at);
    earlier.add(name);
  }
}

function expressionsOf(command: Exclude<Command, { kind: 'stats' }>): readonly Expression[] {
  switch (command.kind) {
    case 'fields':
    case 'display':
      return command.columns.map((column) => column.expression);
    case 'filter':
      return [command.condition];
    case 'parse':
      return [command.source];
    case 'sort':
      return command.keys.map((key) => key.expression);
    case 'dedup':
    case 'limit':
      return [];
  }
}

function hasAggregate(expression: Expression): boolean {
  return aggregatesOf(expression).length > 0;
}

function aggregatesOf(expression: Expression): Expression[] {
  return expression.kind === 'aggregate' ? [expression] : partsOf(expression).flatMap(aggregatesOf);
}

/** The fields outside of any aggregate. */
function looseFields(expression: Expression): string[] {
  if (expression.kind === 'field') return [expression.name];
  return expression.kind === 'aggregate' ? [] : partsOf(expression).flatMap(looseFields);
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'field':
      return [];
    case 'negate':
    case 'not':
    case 'like':
    case 'bin':
      return [expression.operand];
    case 'in':
      return [expression.operand, ...expression.list];
    case 'call':
    case 'aggregate':
      return expression.operands;
    case 'arithmetic':
    case 'comparison':
    case 'and':
    case 'or':
      return [expression.left, expression.right];
  }
}
