import { aggregates } from './aggregates.ts';
import { functions } from './functions.ts';
import type { Lexer, Token } from './lexer.ts';
import { MalformedQuery } from './malformed.ts';
import { compileRegex } from './patterns.ts';
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
  readonly #lexer: Lexer;
  /** Columns by their text without spaces. */
  readonly #columns = new Map<string, string>();
  #mayAggregate = false;

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
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
    while (this.acceptWord('or')) left = { kind: 'or', left, right: this.#conjunction() };
    return left;
  }

  #conjunction(): Expression {
    let left = this.#negation();
    while (this.acceptWord('and')) left = { kind: 'and', left, right: this.#negation() };
    return left;
  }

  #negation(): Expression {
    if (this.acceptWord('not')) return { kind: 'not', operand: this.#negation() };
    return this.#relation();
  }

  #relation(): Expression {
    const left = this.#sum();
    const token = this.#lexer.peek();
    if (token.kind === 'symbol' && comparisons.has(token.text)) {
      this.#lexer.take();
      return { kind: 'comparison', operator: token.text as Comparison, left, right: this.#sum() };
    }
    if (this.acceptSymbol('=~')) return this.#like(left);
    if (!this.acceptWord('not')) return this.#membership(left) ?? left;
    const denied = this.#membership(left);
    if (denied === undefined) throw this.unexpected('like or in after not');
    return { kind: 'not', operand: denied };
  }

  #membership(operand: Expression): Expression | undefined {
    if (this.acceptWord('like')) return this.#like(operand);
    if (this.acceptWord('in')) return { kind: 'in', operand, list: this.#list() };
    return undefined;
  }

  #like(operand: Expression): Expression {
    const token = this.#lexer.peek();
    if (token.kind === 'symbol' && token.text === '/') {
      return { kind: 'like', operand, pattern: compileRegex(this.#lexer.takeRegex()) };
    }
    if (token.kind !== 'string') throw this.unexpected('a string or a regular expression');
    return { kind: 'like', operand, pattern: this.#lexer.take().text };
  }

  #list(): Expression[] {
    this.expectSymbol('[');
    const list = this.separated(() => this.#sum());
    this.expectSymbol(']');
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
    return this.acceptSymbol('^') ? { kind: 'arithmetic', operator: '^', left, right: this.#power() } : left;
  }

  #operator(operators: ReadonlySet<string>): Arithmetic | undefined {
    const token = this.#lexer.peek();
    return token.kind === 'symbol' && operators.has(token.text) ? (this.#lexer.take().text as Arithmetic) : undefined;
  }

  #signed(): Expression {
    return this.acceptSymbol('-') ? { kind: 'negate', operand: this.#signed() } : this.#primary();
  }

  #primary(): Expression {
    const token = this.#lexer.peek();
    if (this.acceptSymbol('(')) {
      const inner = this.expression();
      this.expectSymbol(')');
      return inner;
    }
    if (token.kind === 'string') return { kind: 'literal', value: this.#lexer.take().text };
    if (token.kind === 'number') return { kind: 'literal', value: Number(this.#lexer.take().text) };
    if (token.kind === 'quotedField') return { kind: 'field', name: this.#lexer.take().text };
    if (token.kind !== 'word') throw this.unexpected('a field, a value or a function');
    return this.#named(this.#lexer.take());
  }

  #named(token: Token): Expression {
    const name = token.text.toLowerCase();
    if (this.acceptSymbol('(')) return this.#earlierColumn(token, this.#call(token, name));
    if (reserved.has(name))
      throw new MalformedQuery(`unexpected ${token.text}: a field of this name needs backticks`, token);
    return { kind: 'field', name: token.text };
  }

  #earlierColumn(token: Token, call: Expression): Expression {
    if (call.kind === 'aggregate' && this.#mayAggregate) return call;
    const column = this.#columns.get(compact(this.#lexer.text.slice(token.start, this.#lexer.lastEnd)));
    return column === undefined ? call : { kind: 'field', name: column };
  }

  #call(token: Token, name: string): Expression {
    if (name === 'bin') return this.#rounded({ kind: 'field', name: '@timestamp' }, 'down');
    if (name === 'datefloor' || name === 'dateceil') {
      const operand = this.expression();
      this.expectSymbol(',');
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
    if (name === 'count' && this.acceptSymbol('*')) {
      this.expectSymbol(')');
      return [];
    }
    if (this.acceptSymbol(')')) return [];
    const operands = this.aggregating(
      () => this.separated(() => this.expression()),
      this.#mayAggregate && functions.has(name),
    );
    this.expectSymbol(')');
    return operands;
  }

  #rounded(operand: Expression, round: 'down' | 'up'): Expression {
    const token = this.#lexer.take();
    const [, count = '', unit = ''] = /^(\d+)([A-Za-z]+)$/.exec(token.text) ?? [];
    const periodMs = Number(count) * (unitMs[unit] ?? Number.NaN);
    if (token.kind !== 'duration' || !(periodMs > 0)) {
      throw new MalformedQuery(`${token.text} is not a period such as 30s, 5m, 1h or 1d`, token);
    }
    this.expectSymbol(')');
    return { kind: 'bin', operand, periodMs, round };
  }

  separated<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptSymbol(',')) items.push(item());
    return items;
  }

  acceptWord(text: string): boolean {
    const token = this.#lexer.peek();
    const found = token.kind === 'word' && token.text.toLowerCase() === text;
    if (found) this.#lexer.take();
    return found;
  }

  acceptSymbol(text: string): boolean {
    const token = this.#lexer.peek();
    const found = token.kind === 'symbol' && token.text === text;
    if (found) this.#lexer.take();
    return found;
  }

  expectSymbol(text: string): void {
    if (!this.acceptSymbol(text)) throw this.unexpected(text);
  }

  unexpected(wanted: string): MalformedQuery {
    const token = this.#lexer.peek();
    return new MalformedQuery(`expected ${wanted}, found ${token.text}`, token);
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
