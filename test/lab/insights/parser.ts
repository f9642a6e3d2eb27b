import { ExpressionParser } from './expression-parser.ts';
import type { Token } from './lexer.ts';
import { MalformedQuery } from './malformed.ts';
import { compileGlob, compileRegex, groupNames } from './patterns.ts';
import type { Column, Command, Expression, Query, SortKey } from './syntax.ts';
import { TokenReader } from './token-reader.ts';
import { rejectMisplaced } from './validation.ts';

/** Reads a query; throws `MalformedQuery` for anything that this evaluator does not do. */
export function parseQuery(text: string): Query {
  return new QueryParser(text).query();
}

type CommandName = Command['kind'];

class QueryParser {
  readonly #tokens: TokenReader;
  readonly #expressions: ExpressionParser;
  readonly #commands: Readonly<Record<CommandName, () => Command>> = {
    fields: () => ({ kind: 'fields', columns: this.#columns() }),
    display: () => ({ kind: 'display', columns: this.#columns() }),
    filter: () => ({ kind: 'filter', condition: this.#expressions.expression() }),
    parse: () => this.#parse(),
    stats: () => this.#stats(),
    sort: () => ({ kind: 'sort', keys: this.#tokens.separated(() => this.#sortKey()) }),
    dedup: () => ({ kind: 'dedup', fields: this.#tokens.separated(() => this.#field()) }),
    limit: () => ({ kind: 'limit', count: this.#count() }),
  };

  constructor(text: string) {
    this.#tokens = new TokenReader(text);
    this.#expressions = new ExpressionParser(this.#tokens);
  }

  query(): Query {
    const commands: Command[] = [];
    do {
      const start = this.#tokens.peek();
      const command = this.#command();
      rejectMisplaced(command, commands, { start: start.start, end: this.#tokens.lastEnd });
      for (const name of namesOf(command)) this.#expressions.declare(name);
      commands.push(command);
    } while (this.#tokens.acceptSymbol('|'));
    if (this.#tokens.peek().kind !== 'end') throw this.#tokens.unexpected('| or the end of the query');
    return { commands };
  }

  #command(): Command {
    const token = this.#tokens.peek();
    const name = token.text.toLowerCase();
    if (token.kind !== 'word') throw this.#tokens.unexpected('a command');
    if (!isCommand(name, this.#commands)) throw new MalformedQuery(`the command ${token.text} is not supported`, token);
    this.#tokens.take();
    return this.#commands[name]();
  }

  #columns(): Column[] {
    return this.#tokens.separated(() => this.#column());
  }

  #column(): Column {
    const { start } = this.#tokens.peek();
    const expression = this.#expressions.expression();
    const text = this.#tokens.text.slice(start, this.#tokens.lastEnd);
    const unnamed = expression.kind === 'field' ? expression.name : text;
    return { expression, name: this.#tokens.acceptWord('as') ? this.#field() : unnamed };
  }

  #field(): string {
    const token = this.#tokens.peek();
    if (token.kind !== 'word' && token.kind !== 'quotedField') throw this.#tokens.unexpected('the name of a field');
    return this.#tokens.take().text;
  }

  #stats(): Command {
    const columns = this.#expressions.aggregating(() => this.#columns());
    return { kind: 'stats', columns, by: this.#tokens.acceptWord('by') ? this.#columns() : [] };
  }

  #sortKey(): SortKey {
    const expression = this.#expressions.expression();
    const descending = this.#tokens.acceptWord('desc');
    if (!descending) this.#tokens.acceptWord('asc');
    return { expression, descending };
  }

  #count(): number {
    const token = this.#tokens.peek();
    const count = Number(token.text);
    if (token.kind !== 'number' || !Number.isInteger(count) || count < 1)
      throw this.#tokens.unexpected('a whole number');
    this.#tokens.take();
    return count;
  }

  #parse(): Command {
    const source = this.#parseSource();
    const token = this.#tokens.peek();
    if (this.#tokens.nextIsSymbol('/')) return this.#parseRegex(source);
    if (token.kind !== 'string') throw this.#tokens.unexpected('a string or a regular expression');
    return this.#parseGlob(source, this.#tokens.take());
  }

  #parseSource(): Expression {
    const { kind } = this.#tokens.peek();
    return { kind: 'field', name: kind === 'word' || kind === 'quotedField' ? this.#field() : '@message' };
  }

  #parseRegex(source: Expression): Command {
    const token = this.#tokens.takeRegex();
    const names = groupNames(token.source);
    if (names.length === 0) throw new MalformedQuery('parse needs a named group such as (?<name>...)', token);
    return { kind: 'parse', source, pattern: compileRegex(token), names };
  }

  #parseGlob(source: Expression, token: Token): Command {
    if (!this.#tokens.acceptWord('as')) throw this.#tokens.unexpected('as');
    const names = this.#tokens.separated(() => this.#field());
    const wildcards = token.text.split('*').length - 1;
    if (wildcards !== names.length) {
      throw new MalformedQuery(`the pattern has ${wildcards} wildcards and there are ${names.length} names`, token);
    }
    return { kind: 'parse', source, pattern: compileGlob(token.text, names), names };
  }
}

function isCommand(name: string, commands: Readonly<Record<CommandName, unknown>>): name is CommandName {
  return Object.hasOwn(commands, name);
}

function namesOf(command: Command): string[] {
  if (command.kind === 'stats') return [...command.columns, ...command.by].map((column) => column.name);
  return command.kind === 'fields' || command.kind === 'display' ? command.columns.map((column) => column.name) : [];
}
