import { Environment } from '@marcbachmann/cel-js';
import type { Json, JsonObject } from '../api/json.ts';

/** What an expression may look at. */
export interface Scope {
  /** The node's parameters. */
  readonly with: JsonObject;
  /** The window that is looked at, RFC 3339. */
  readonly window: { readonly from: string; readonly to: string };
  /** The tool's answer; not there yet while its arguments are made. */
  readonly output?: Json;
}

export type Variable = keyof Scope;

export type Expression = (scope: Scope) => unknown;

/** Why an expression cannot be used, in a line. */
export class ExpressionInvalid extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ExpressionInvalid';
  }
}

const longest = 1000;
const limits = { maxAstNodes: 300, maxDepth: 32, maxListElements: 100, maxMapEntries: 50, maxCallArguments: 10 };

/**
 * A CEL expression over the variables, checked. Numbers of JSON are doubles. It knows no clock and no chance: the same answer gives the same
 * value. How long it takes is for the caller to bound (`withinTime`).
 * @throws ExpressionInvalid.
 */
export function compileCel(source: string, variables: readonly Variable[]): Expression {
  if (source.length > longest) throw new ExpressionInvalid(`is longer than ${longest} characters`);
  try {
    const parsed = environmentOf(variables).parse(source);
    const checked = parsed.check();
    if (!checked.valid) throw checked.error ?? new Error('is not valid');
    return (scope) => parsed({ ...scope });
  } catch (error) {
    throw new ExpressionInvalid(celWords(error), { cause: error });
  }
}

/** The library draws the place below its message; a condition has one line. */
export function celWords(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return (words.split('\n')[0] ?? '').slice(0, 300);
}

function environmentOf(variables: readonly Variable[]): Environment {
  const environment = new Environment({ limits, homogeneousAggregateLiterals: false });
  for (const name of variables) environment.registerVariable(name, 'dyn');
  return environment;
}
