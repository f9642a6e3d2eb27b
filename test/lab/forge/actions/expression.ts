import type { Json } from '../../../../controller/api/json.ts';
import { isObject } from '../http/request.ts';
import { type Expression, ExpressionError, type Operator, parseExpression } from './expression-parser.ts';

export type JobStatus = 'success' | 'failure' | 'cancelled';

/** What an expression may see. */
export interface Scope {
  /** github, env, secrets, vars, inputs, steps, needs, job, runner */
  readonly contexts: Readonly<Record<string, Json>>;
  /** How the job went so far: for success(), failure() and cancelled(). */
  readonly status: JobStatus;
}

/** A text with its `${{ }}` parts replaced. @throws ExpressionError */
export function substitute(text: string, scope: Scope): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_whole, inner: string) => asText(evaluate(inner, scope)));
}

/** An `if:`, with or without `${{ }}`; without a status function in it, it also wants success. @throws ExpressionError */
export function condition(text: string | undefined, scope: Scope): boolean {
  const inner = (text ?? '').trim().replace(/^\$\{\{(.*)\}\}$/s, '$1');
  if (inner.trim() === '') return scope.status === 'success';
  const asksForStatus = /\b(success|failure|always|cancelled)\s*\(/.test(inner);
  return (asksForStatus || scope.status === 'success') && truthy(evaluate(inner, scope));
}

/** @throws ExpressionError */
export function evaluate(source: string, scope: Scope): Json {
  return valueOf(parseExpression(source), scope, source.trim());
}

function valueOf(expression: Expression, scope: Scope, source: string): Json {
  const inner = (part: Expression): Json => valueOf(part, scope, source);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'context':
      return context(expression.name, scope, source);
    case 'index':
      return member(inner(expression.object), inner(expression.key));
    case 'not':
      return !truthy(inner(expression.operand));
    case 'call':
      return call(expression.name, expression.args.map(inner), scope, source);
    case 'binary':
      return binary(expression.operator, inner(expression.left), () => inner(expression.right));
  }
}

function context(name: string, { contexts }: Scope, source: string): Json {
  const value = contexts[name];
  if (value === undefined) throw new ExpressionError(source, `there is no context ${name}`);
  return value;
}

/** Names are looked up without regard to case; what is not there is null. */
function member(object: Json, key: Json): Json {
  if (Array.isArray(object)) return object[Number(key)] ?? null;
  if (!isObject(object)) return null;
  const wanted = asText(key).toLowerCase();
  return Object.entries(object).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;
}

function binary(operator: Operator, left: Json, right: () => Json): Json {
  switch (operator) {
    case '||':
      return truthy(left) ? left : right();
    case '&&':
      return truthy(left) ? right() : left;
    case '==':
      return same(left, right());
    case '!=':
      return !same(left, right());
    case '<':
      return asNumber(left) < asNumber(right());
    case '>':
      return asNumber(left) > asNumber(right());
    case '<=':
      return asNumber(left) <= asNumber(right());
    case '>=':
      return asNumber(left) >= asNumber(right());
  }
}

function same(left: Json, right: Json): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  return typeof left === typeof right ? left === right : asNumber(left) === asNumber(right);
}

function call(name: string, args: readonly Json[], { status }: Scope, source: string): Json {
  const [first = '', second = ''] = args;
  const text = (value: Json): string => asText(value).toLowerCase();
  switch (name.toLowerCase()) {
    case 'always':
      return true;
    case 'success':
    case 'failure':
    case 'cancelled':
      return status === name.toLowerCase();
    case 'contains':
      return Array.isArray(first) ? first.some((item: Json) => same(item, second)) : text(first).includes(text(second));
    case 'startswith':
      return text(first).startsWith(text(second));
    case 'endswith':
      return text(first).endsWith(text(second));
    case 'format':
      return asText(first).replaceAll(/\{(\d+)\}/g, (_whole, index: string) => asText(args[Number(index) + 1] ?? ''));
    case 'tojson':
      return JSON.stringify(first, null, 2);
    case 'fromjson':
      return JSON.parse(asText(first)) as Json;
    default:
      throw new ExpressionError(source, `the function ${name} is not known here`);
  }
}

function truthy(value: Json): boolean {
  return value !== null && value !== false && value !== 0 && value !== '';
}

function asNumber(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return value === '' ? 0 : Number(value);
  return typeof value === 'number' ? value : Number.NaN;
}

export function asText(value: Json): string {
  if (value === null) return '';
  if (Array.isArray(value)) return 'Array';
  return typeof value === 'object' ? 'Object' : String(value);
}
