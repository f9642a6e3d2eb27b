import type { Json } from '../api/json.ts';
import { compileCel, type Expression, ExpressionInvalid, type Values } from '../cel/cel.ts';
import { toText } from '../cel/values.ts';

/** JSON in whose strings `{{ CEL }}` stands for values. */
export interface Template {
  readonly expressions: readonly Expression[];
  fill(values: Values): Json;
}

const hole = /\{\{(.*?)\}\}/gs;
/** In characters of JSON. */
const longest = 16 * 1024;
const mostHoles = 100;

/**
 * A string that is one hole gives the hole's own value, a number or a list say; in any other the values are written as text. Keys are
 * left as they are.
 * @throws ExpressionInvalid.
 */
export function compileTemplate(value: Json, variables: readonly string[]): Template {
  const text = JSON.stringify(value);
  if (text.length > longest) throw new ExpressionInvalid(`is longer than ${longest} characters`);
  if (text.split('{{').length > mostHoles + 1) throw new ExpressionInvalid(`has more than ${mostHoles} {{ }}`);
  return compiled(value, variables);
}

function compiled(value: Json, variables: readonly string[]): Template {
  if (typeof value === 'string') return compileText(value, variables);
  if (Array.isArray(value)) {
    const items = value.map((one: Json) => compiled(one, variables));
    return { expressions: expressionsOf(items), fill: (values) => items.map((one) => one.fill(values)) };
  }
  if (typeof value !== 'object' || value === null) return { expressions: [], fill: () => value };
  const entries = Object.entries(value).map(([key, one]) => [key, compiled(one as Json, variables)] as const);
  return {
    expressions: expressionsOf(entries.map(([, one]) => one)),
    fill: (values) => Object.fromEntries(entries.map(([key, one]) => [key, one.fill(values)])),
  };
}

function expressionsOf(templates: readonly Template[]): readonly Expression[] {
  return templates.flatMap(({ expressions }) => expressions);
}

function compileText(text: string, variables: readonly string[]): Template {
  // Split by a pattern with a group, texts and expressions take turns.
  const parts = text
    .split(hole)
    .map((part, index) => (index % 2 === 0 ? literal(part) : compileCel(part.trim(), variables)));
  const expressions = parts.filter((part) => typeof part !== 'string');
  const [before, only, after, ...more] = parts;
  if (before === '' && typeof only === 'object' && after === '' && more.length === 0) {
    return { expressions, fill: (values) => values(only) };
  }
  return { expressions, fill: (values) => parts.map((part) => written(part, values)).join('') };
}

/** A hole that is not closed would be sent to the server as it stands. */
function literal(part: string): string {
  if (/\{\{|\}\}/.test(part)) throw new ExpressionInvalid(`has {{ without }} or }} without {{: ${part.slice(0, 100)}`);
  return part;
}

function written(part: string | Expression, values: Values): string {
  return typeof part === 'string' ? part : toText(values(part));
}
