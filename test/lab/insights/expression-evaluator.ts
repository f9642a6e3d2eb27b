import { aggregates, type Sample } from './aggregates.ts';
import { functions } from './functions.ts';
import type { Row } from './records.ts';
import type { Arithmetic, Comparison, Expression } from './syntax.ts';
import { areEqual, compare, Instant, isTrue, toNumber, toText, type Value } from './values.ts';

type Kind<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** The value of an expression for one row; in `stats`, `group` holds the rows that its aggregates are over. */
export function evaluate(expression: Expression, row: Row, group: readonly Row[] = []): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'field':
      return row.get(expression.name);
    case 'aggregate':
      return aggregate(expression, group);
    case 'call':
      return functions.get(expression.name)?.apply(expression.operands.map((operand) => evaluate(operand, row, group)));
    case 'bin':
      return round(toNumber(evaluate(expression.operand, row, group)), expression);
    case 'negate':
    case 'arithmetic':
      return calculate(expression, row, group);
    case 'not':
    case 'and':
    case 'or':
    case 'comparison':
    case 'like':
    case 'in':
      return holds(expression, row, group);
  }
}

function aggregate({ name, operands }: Kind<'aggregate'>, group: readonly Row[]): Value {
  const samples = group.map((row): Sample => {
    const values = operands.map((operand) => evaluate(operand, row));
    return { values, timestamp: toNumber(row.get('@timestamp')) ?? 0 };
  });
  return aggregates.get(name)?.apply(samples);
}

function round(ms: number | undefined, { periodMs, round: way }: Kind<'bin'>): Value {
  if (ms === undefined) return undefined;
  const periods = ms / periodMs;
  return new Instant((way === 'down' ? Math.floor(periods) : Math.ceil(periods)) * periodMs);
}

function calculate(expression: Kind<'negate'> | Kind<'arithmetic'>, row: Row, group: readonly Row[]): Value {
  const number = (part: Expression): number | undefined => toNumber(evaluate(part, row, group));
  if (expression.kind === 'negate') {
    const operand = number(expression.operand);
    return operand === undefined ? undefined : -operand;
  }
  const [left, right] = [number(expression.left), number(expression.right)];
  if (left === undefined || right === undefined) return undefined;
  const result = arithmetic[expression.operator](left, right);
  return Number.isFinite(result) ? result : undefined;
}

const arithmetic: Readonly<Record<Arithmetic, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
};

type Truth = Kind<'not'> | Kind<'and'> | Kind<'or'> | Kind<'comparison'> | Kind<'like'> | Kind<'in'>;

/** Two-valued: a missing field equals nothing and is like nothing, so that `!=`, `not like` and `not in` hold for it. */
function holds(expression: Truth, row: Row, group: readonly Row[]): boolean {
  const value = (part: Expression): Value => evaluate(part, row, group);
  switch (expression.kind) {
    case 'not':
      return !isTrue(value(expression.operand));
    case 'and':
      return isTrue(value(expression.left)) && isTrue(value(expression.right));
    case 'or':
      return isTrue(value(expression.left)) || isTrue(value(expression.right));
    case 'comparison':
      return compares(expression.operator, value(expression.left), value(expression.right));
    case 'like':
      return isLike(value(expression.operand), expression.pattern);
    case 'in':
      return expression.list.some((item) => areEqual(value(expression.operand), value(item)));
  }
}

function compares(operator: Comparison, left: Value, right: Value): boolean {
  if (operator === '=') return areEqual(left, right);
  if (operator === '!=') return !areEqual(left, right);
  const order = compare(left, right);
  if (order === undefined) return false;
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator];
}

function isLike(value: Value, pattern: RegExp | string): boolean {
  if (value === undefined) return false;
  const text = toText(value);
  return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
}
