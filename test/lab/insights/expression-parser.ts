import { aggregates } from './aggregates.ts';
import { functions } from './functions.ts';
import type { Token } from './lexer.ts';
import { MalformedQuery } from './malformed.ts';
import { compileRegex } from './patterns.ts';
import type { TokenReader } from './token-reader.ts';
import type { Arithmetic, Comparison, Expression } from './syntax.ts';

const comparisons: ReadonlySet<string> = new Set<Comparison>(['=', '!=', '<', '<=', '>', '>=']);
const additive: ReadonlySet<string> = new Set<Arithmetic>(['+', '-']);
const multiplicative: ReadonlySet<string> = new Set<Arithmetic>(['*', '/', '%']);
const reserved: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'like',
  'in',
  'as',
  'by',
  'asc',
  'desc',
  'true',
  'false',
]);
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The expressions of the language by recursive descent, the loosest binding first: or, and, not, comparisons, sums, products, powers.
 * `columns` are the names that an earlier command gave (`count(*)`), which later ones may use as they were written.
 */
export class ExpressionParser {
  readonly #tokens: TokenReader;
  /** Columns by their text without spaces. */
  readonly #columns = new Map<string, string>();
  #mayAggregate = false;

  constructor(tokens: TokenReader) {
    this.#tokens = tokens;
  }

  declare(name: string): void {
    this.#columns.set(compact(name), name);
  }

  /** Reads what `stats` computes, where `count(*)` counts anew even when an earlier column has that name. */
  aggregating<T>(read: () => T, mayAggregate = true): T {
    const before = this.#mayAggregate;
    this.#mayAggregate = mayAggregate;
    const result = read();
    this.#mayAggregate = before;
    return result;
  }

  expression(): Expression {
    let left = this.#conjunction();
    while (this.#tokens.acceptWord('or')) left = { kind: 'or', left, right: this.#conjunction() };
    return left;
  }

  #conjunction(): Expression {
    let left = this.#negation();
    while (this.#tokens.acceptWord('and')) left = { kind: 'and', left, right: this.#negation() };
    return left;
  }

  #negation(): Expression {
    if (this.#tokens.acceptWord('not')) return { kind: 'not', operand: this.#negation() };
    return this.#relation();
  }

  #relation(): Expression {
    const left = this.#sum();
    const token = this.#tokens.peek();
    if (token.kind === 'symbol' && comparisons.has(token.text)) {
      this.#tokens.take();
      return { kind: 'comparison', operator: token.text as Comparison, left, right: this.#sum() };
    }
    if (this.#tokens.acceptSymbol('=~')) return this.#like(left);
    if (!this.#tokens.acceptWord('not')) return this.#membership(left) ?? left;
    const denied = this.#membership(left);
    if (denied === undefined) throw this.#tokens.unexpected('like or in after not');
    return { kind: 'not', operand: denied };
  }

  #membership(operand: Expression): Expression | undefined {
    if (this.#tokens.acceptWord('like')) return this.#like(operand);
    if (this.#tokens.acceptWord('in')) return { kind: 'in', operand, list: this.#list() };
    return undefined;
  }

  #like(operand: Expression): Expression {
    const token = this.#tokens.peek();
    if (this.#tokens.nextIsSymbol('/')) {
      return { kind: 'like', operand, pattern: compileRegex(this.#tokens.takeRegex()) };
    }
    if (token.kind !== 'string') throw this.#tokens.unexpected('a string or a regular expression');
    return { kind: 'like', operand, pattern: this.#tokens.take().text };
  }

  #list(): Expression[] {
    this.#tokens.expectSymbol('[');
    const list = this.#tokens.separated(() => this.#sum());
    this.#tokens.expectSymbol(']');
    return list;
  }

  #sum(): Expression {
    let left = this.#product();
    for (let operator = this.#operator(additive); operator !== undefined; operator = this.#operator(additive)) {
      left = { kind: 'arithmetic', operator, left, right: this.#product() };
    }
    return left;
  }

  #product(): Expression {
    let left = this.#power();
    for (
      let operator = this.#operator(multiplicative);
      operator !== undefined;
      operator = this.#operator(multiplicative)
    ) {
      left = { kind: 'arithmetic', operator, left, right: this.#power() };
    }
    return left;
  }

  #power(): Expression {
    const left = this.#signed();
    return this.#tokens.acceptSymbol('^') ? { kind: 'arithmetic', operator: '^', left, right: this.#power() } : left;
  }

  #operator(operators: ReadonlySet<string>): Arithmetic | undefined {
    const token = this.#tokens.peek();
    return token.kind === 'symbol' && operators.has(token.text) ? (this.#tokens.take().text as Arithmetic) : undefined;
  }

  #signed(): Expression {
    return this.#tokens.acceptSymbol('-') ? { kind: 'negate', operand: this.#signed() } : this.#primary();
  }

  #primary(): Expression {
    const token = this.#tokens.peek();
    if (this.#tokens.acceptSymbol('(')) {
      const inner = this.expression();
      this.#tokens.expectSymbol(')');
      return inner;
    }
    if (token.kind === 'string') return { kind: 'literal', value: this.#tokens.take().text };
    if (token.kind === 'number') return { kind: 'literal', value: Number(this.#tokens.take().text) };
    if (token.kind === 'quotedField') return { kind: 'field', name: this.#tokens.take().text };
    if (token.kind !== 'word') throw this.#tokens.unexpected('a field, a value or a function');
    return this.#named(this.#tokens.take());
  }

  #named(token: Token): Expression {
    const name = token.text.toLowerCase();
    if (this.#tokens.acceptSymbol('(')) return this.#earlierColumn(token, this.#call(token, name));
    if (reserved.has(name))
      throw new MalformedQuery(`unexpected ${token.text}: a field of this name needs backticks`, token);
    return { kind: 'field', name: token.text };
  }

  #earlierColumn(token: Token, call: Expression): Expression {
    if (call.kind === 'aggregate' && this.#mayAggregate) return call;
    const column = this.#columns.get(compact(this.#tokens.text.slice(token.start, this.#tokens.lastEnd)));
    return column === undefined ? call : { kind: 'field', name: column };
  }

  #call(token: Token, name: string): Expression {
    if (name === 'bin') return this.#rounded({ kind: 'field', name: '@timestamp' }, 'down');
    if (name === 'datefloor' || name === 'dateceil') {
      const operand = this.expression();
      this.#tokens.expectSymbol(',');
      return this.#rounded(operand, name === 'datefloor' ? 'down' : 'up');
    }
    const operands = this.#operands(name);
    const [kind, arity] = known(name);
    if (kind === undefined) throw new MalformedQuery(`the function ${token.text} is not supported`, token);
    if (operands.length < arity[0] || operands.length > arity[1]) {
      throw new MalformedQuery(`${token.text} does not take ${operands.length} arguments`, token);
    }
    if (name === 'pct' && !isPercentage(operands[1]))
      throw new MalformedQuery('pct takes a field and a percentage', token);
    return { kind, name, operands };
  }

  #operands(name: string): Expression[] {
    if (name === 'count' && this.#tokens.acceptSymbol('*')) {
      this.#tokens.expectSymbol(')');
      return [];
    }
    if (this.#tokens.acceptSymbol(')')) return [];
    const operands = this.aggregating(
      () => this.#tokens.separated(() => this.expression()),
      this.#mayAggregate && functions.has(name),
    );
    this.#tokens.expectSymbol(')');
    return operands;
  }

  #rounded(operand: Expression, round: 'down' | 'up'): Expression {
    const token = this.#tokens.take();
    const [, count = '', unit = ''] = /^(\d+)([A-Za-z]+)$/.exec(token.text) ?? [];
    const periodMs = Number(count) * (unitMs[unit] ?? Number.NaN);
    if (token.kind !== 'duration' || !(periodMs > 0)) {
      throw new MalformedQuery(`${token.text} is not a period such as 30s, 5m, 1h or 1d`, token);
    }
    this.#tokens.expectSymbol(')');
    return { kind: 'bin', operand, periodMs, round };
  }
}

type Arity = readonly [least: number, most: number];

function known(name: string): [kind: 'call' | 'aggregate' | undefined, arity: Arity] {
  const scalar = functions.get(name);
  if (scalar !== undefined) return ['call', scalar.arity];
  const aggregate = aggregates.get(name);
  return aggregate === undefined ? [undefined, [0, 0]] : ['aggregate', aggregate.arity];
}

function isPercentage(operand: Expression | undefined): boolean {
  return operand?.kind === 'literal' && typeof operand.value === 'number' && operand.value <= 100;
}

function compact(text: string): string {
  return text.replace(/\s+/g, '');
}
