import { MalformedQuery } from './malformed.ts';

export type TokenKind = 'word' | 'quotedField' | 'number' | 'duration' | 'string' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As it is meant: a string without its quotes, a field without its backticks. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface RegexToken {
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

const space = /(?:\s|#[^\n]*)+/y;
const word = /[A-Za-z_@][A-Za-z0-9_@.]*/y;
const duration = /\d+[A-Za-z]+/y;
const number = /\d+(?:\.\d+)?/y;
const symbol = /!=|<=|>=|=~|[|,()[\]=<>+\-*/%^]/y;
const quoted = { '"': /"((?:[^"\\]|\\[^])*)"/y, "'": /'((?:[^'\\]|\\[^])*)'/y, '`': /`([^`]+)`/y } as const;
const regexBody = /\/((?:[^/\\\n]|\\.)+)\//y;

/**
 * Cuts a query into tokens, one ahead of the parser. A `/` is a division or begins a regular expression, which only the parser can
 * tell: so it asks for a regular expression where one may stand.
 */
export class Lexer {
  readonly text: string;
  #ahead: Token;
  #lastEnd = 0;

  constructor(text: string) {
    this.text = text;
    this.#ahead = this.#scan(0);
  }

  peek(): Token {
    return this.#ahead;
  }

  take(): Token {
    const token = this.#ahead;
    this.#lastEnd = token.end;
    this.#ahead = this.#scan(token.end);
    return token;
  }

  /** Where the token taken last ended. */
  get lastEnd(): number {
    return this.#lastEnd;
  }

  /** The regular expression that begins at the next token, which must be `/`. */
  takeRegex(): RegexToken {
    const { start } = this.#ahead;
    const body = match(regexBody, this.text, start);
    if (body === undefined)
      throw new MalformedQuery('the regular expression has no closing /', { start, end: start + 1 });
    const end = start + body[0].length;
    this.#lastEnd = end;
    this.#ahead = this.#scan(end);
    return { source: body[1] ?? '', start, end };
  }

  #scan(from: number): Token {
    const start = from + (match(space, this.text, from)?.[0].length ?? 0);
    const first = this.text[start];
    if (first === undefined) return { kind: 'end', text: 'the end of the query', start, end: start };
    if (first === '"' || first === "'" || first === '`') return this.#quoted(first, start);
    const plain = this.#plain(start);
    if (plain === undefined) throw new MalformedQuery(`unexpected character ${first}`, { start, end: start + 1 });
    return plain;
  }

  #quoted(quote: '"' | "'" | '`', start: number): Token {
    const found = match(quoted[quote], this.text, start);
    if (found === undefined) throw new MalformedQuery(`no closing ${quote}`, { start, end: this.text.length });
    const inner = found[1] ?? '';
    const end = start + found[0].length;
    if (quote === '`') return { kind: 'quotedField', text: inner, start, end };
    return { kind: 'string', text: inner.replace(/\\(["'\\])/g, '$1'), start, end };
  }

  #plain(start: number): Token | undefined {
    const kinds = [
      ['word', word],
      ['duration', duration],
      ['number', number],
      ['symbol', symbol],
    ] as const;
    for (const [kind, pattern] of kinds) {
      const text = match(pattern, this.text, start)?.[0];
      if (text !== undefined) return { kind, text, start, end: start + text.length };
    }
    return undefined;
  }
}

function match(sticky: RegExp, text: string, at: number): RegExpExecArray | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text) ?? undefined;
}
