import type { Json } from '../api/json.ts';
import { compileCel, type Expression, type Scope, type Variable } from './cel.ts';
import { toJson, toText } from './values.ts';

/** JSON in whose strings `{{ CEL }}` stands for values. */
export type Template = (scope: Scope) => Json;

const hole = /\{\{(.*?)\}\}/gs;

/**
 * A string that is one hole gives the hole's own value, a number or a list say; in any other the values are written as text. Keys are
 * left as they are.
 * @throws ExpressionInvalid.
 */
export function compileTemplate(value: Json, variables: readonly Variable[]): Template {
  if (typeof value === 'string') return compileText(value, variables);
  if (Array.isArray(value)) {
    const items = value.map((one: Json) => compileTemplate(one, variables));
    return (scope) => items.map((one) => one(scope));
  }
  if (typeof value !== 'object' || value === null) return () => value;
  const entries = Object.entries(value).map(([key, one]) => [key, compileTemplate(one as Json, variables)] as const);
  return (scope) => Object.fromEntries(entries.map(([key, one]) => [key, one(scope)]));
}

function compileText(text: string, variables: readonly Variable[]): Template {
  // Split by a pattern with a group, texts and expressions take turns.
  const parts = text.split(hole).map((part, index) => (index % 2 === 0 ? part : compileCel(part.trim(), variables)));
  const [before, only, after, ...more] = parts;
  if (before === '' && typeof only === 'function' && after === '' && more.length === 0) {
    return (scope) => toJson(only(scope));
  }
  return (scope) => parts.map((part) => written(part, scope)).join('');
}

function written(part: string | Expression, scope: Scope): string {
  return typeof part === 'string' ? part : toText(part(scope));
}
