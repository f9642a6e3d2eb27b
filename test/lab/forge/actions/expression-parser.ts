/** A parsed `${{ }}` expression of the workflow language. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'index'; readonly object: Expression; readonly key: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

export type Operator = '||' | '&&' | '==' | '!=' | '<=' | '>=' | '<' | '>';

/** An expression that cannot be read, or that asks for something the forge does not have. */
export class ExpressionError extends Error {
  constructor(source: string, reason: string) {
    super(`The expression '${source}' is not valid: ${reason}`);
    this.name = 'ExpressionError';
  }
}

const tokenPattern = /\s*('(?:[^']|'')*'|-?\d+(?:\.\d+)?|[A-Za-z_][\w-]*|\|\||&&|==|!=|<=|>=|[<>!()[\].,])/y;

/** Loosest first. */
const precedence: readonly (readonly Operator[])[] = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>']];

/** @throws ExpressionError */
export function parseExpression(source: string): Expression {
  const tokens = tokenize(source);
  const reader = new Reader(source, tokens);
  const expression = reader.binary(0);
  reader.end();
  return expression;
}

function tokenize(source: string): string[] {
  const tokens: string[] = [];
  const end = source.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const at = tokenPattern.lastIndex;
    const token = tokenPattern.exec(source)?.[1];
    if (token === undefined) throw new ExpressionError(source, `unexpected character at ${at + 1}`);
    tokens.push(token);
  }
  return tokens;
}

class Reader {
  readonly #source: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(source: string, tokens: readonly string[]) {
    this.#source = source;
    this.#tokens = tokens;
  }

  end(): void {
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new ExpressionError(this.#source, `unexpected ${rest}`);
  }

  binary(level: number): Expression {
    const operators = precedence[level];
    if (operators === undefined) return this.#unary();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = operators.find((one) => one === this.#tokens[this.#at]);
      if (operator === undefined) return left;
      this.#at += 1;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
  }

  #unary(): Expression {
    if (this.#accept('!')) return { kind: 'not', operand: this.#unary() };
    let expression = this.#primary();
    for (;;) {
      if (this.#accept('.'))
        expression = { kind: 'index', object: expression, key: { kind: 'literal', value: this.#take() } };
      else if (this.#accept('[')) expression = { kind: 'index', object: expression, key: this.#until(']') };
      else return expression;
    }
  }

  #primary(): Expression {
    if (this.#accept('(')) return this.#until(')');
    const token = this.#take();
    if (token.startsWith("'")) return { kind: 'literal', value: token.slice(1, -1).replaceAll("''", "'") };
    if (/^-?\d/.test(token)) return { kind: 'literal', value: Number(token) };
    if (token === 'true' || token === 'false') return { kind: 'literal', value: token === 'true' };
    if (token === 'null') return { kind: 'literal', value: null };
    if (!/^[A-Za-z_]/.test(token)) throw new ExpressionError(this.#source, `unexpected ${token}`);
    return this.#accept('(')
      ? { kind: 'call', name: token, args: this.#arguments() }
      : { kind: 'context', name: token };
  }

  #arguments(): Expression[] {
    const args: Expression[] = [];
    if (this.#accept(')')) return args;
    do args.push(this.binary(0));
    while (this.#accept(','));
    this.#expect(')');
    return args;
  }

  #until(close: string): Expression {
    const inner = this.binary(0);
    this.#expect(close);
    return inner;
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#accept(token)) throw new ExpressionError(this.#source, `expected ${token}`);
  }

  #take(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new ExpressionError(this.#source, 'it ends too early');
    return token;
  }
}
