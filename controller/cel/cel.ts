import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import type { Json } from '../api/json.ts';

/** What an expression may look at, by name. */
export type Scope = Readonly<Record<string, Json>>;

/** A CEL expression that was checked. What it gives is found by an `Evaluator`. */
export interface Expression {
  readonly source: string;
}

/** The value of an expression. @throws Error: why it has none. */
export type Values = (expression: Expression) => Json;

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
 * value.
 * @throws ExpressionInvalid.
 */
export function compileCel(source: string, variables: readonly string[]): Expression {
  if (source.length > longest) throw new ExpressionInvalid(`is longer than ${longest} characters`);
  try {
    const parsed = environmentOf(variables).parse(source);
    const checked = parsed.check();
    if (!checked.valid) throw checked.error ?? new Error('is not valid');
    if (makesBytes(parsed.ast)) throw new Error('bytes are not taken');
    return { source };
  } catch (error) {
    throw new ExpressionInvalid(celWords(error), { cause: error });
  }
}

/** What an expression gives over those values: for as long and with as much memory as it takes, so only on a thread that has little of both. */
export function evaluateCel(source: string, scope: Scope): unknown {
  return environmentOf(Object.keys(scope)).parse(source)({ ...scope });
}

/** The library draws the place below its message; a condition has one line. */
export function celWords(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return (words.split('\n')[0] ?? '').slice(0, 300);
}

/** They lie outside the heap, whose bound holds everything else, and JSON has no word for them. */
function makesBytes({ op, args }: ASTNode): boolean {
  if (op === 'value') return args instanceof Uint8Array;
  if (op === 'call' && args[0] === 'bytes') return true;
  return nodesIn(args).some(makesBytes);
}

function nodesIn(args: unknown): readonly ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}

const environments = new Map<string, Environment>();

function environmentOf(variables: readonly string[]): Environment {
  const key = variables.join();
  const known = environments.get(key);
  if (known !== undefined) return known;
  const environment = new Environment({ limits, homogeneousAggregateLiterals: false });
  for (const name of variables) environment.registerVariable(name, 'dyn');
  environments.set(key, environment);
  return environment;
}
