import { ToolFault } from '../../../controller/mcp/fault.ts';

export interface Token {
  /** A word without quotes is lower case, one with quotes is as it stands between them. */
  readonly kind: 'Word' | 'Quoted' | 'Other';
  readonly text: string;
  /** Where it ends in the statement. */
  readonly end: number;
}

/**
 * One alternative a group, in PostgreSQL's lexical order: space and comments, dollar quotes, strings, quoted names, words and
 * numbers, any other character. Nested comments and the forms U&'' and U&"" are not read at all.
 */
const lexeme =
  /([ \t\n\r\f\v]+|--[^\n\r]*|\/\*(?:(?!\/\*|\*\/)[\s\S])*\*\/)|(\$(?<tag>[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\k<tag>\$)|([eE]'(?:\\[\s\S]|''|[^'\\])*'|[bBxXnN]?'(?:''|[^'])*')|"((?:""|[^"])+)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[\d.]*\d[\w.]*|\$\d+)|([\s\S])/gy;

/** @throws ToolFault `StatementNotAllowed` for quotes that do not end and forms that are not read */
export function tokensOf(statement: string): Token[] {
  if (statement.includes('\0')) throw unreadable('a null character');
  const tokens: Token[] = [];
  for (const match of statement.matchAll(lexeme)) {
    const [whole, blank, dollar, , string, quoted, word, other = ''] = match;
    const end = match.index + whole.length;
    if (blank !== undefined || dollar !== undefined || string !== undefined) continue;
    if (quoted !== undefined) tokens.push({ kind: 'Quoted', text: quoted.replaceAll('""', '"'), end });
    else if (word !== undefined) tokens.push({ kind: 'Word', text: word.toLowerCase(), end });
    else tokens.push(otherToken(other, tokens.at(-1), end));
  }
  return tokens;
}

function otherToken(character: string, before: Token | undefined, end: number): Token {
  if (character === "'" || character === '"') throw unreadable('a quote that does not end');
  const adjacent = before?.end === end - 1;
  if (character === '*' && adjacent && before.text === '/')
    throw unreadable('a comment in a comment, or one that does not end');
  if (character === '&' && adjacent && before.text === 'u') throw unreadable('Unicode quotes');
  return { kind: 'Other', text: character, end };
}

function unreadable(what: string): ToolFault {
  return new ToolFault('StatementNotAllowed', `the statement holds ${what}`);
}
