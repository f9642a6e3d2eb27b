import { ToolFault } from '../../../controller/mcp/fault.ts';
import { allowedCalls } from './allowed-calls.ts';
import { type Token, tokensOf } from './tokens.ts';

export interface ReadOnlyStatement {
  readonly sql: string;
  /** It is a query, so that it can be read through a cursor; SHOW and EXPLAIN are not. */
  readonly cursor: boolean;
}

const queries = new Set(['select', 'with', 'values', 'table']);
const explainOptions =
  /^(verbose|costs|settings|generic_plan|summary|memory|format|text|json|xml|yaml|on|off|true|false)$/;

/**
 * Lets through one query that calls none but harmless functions. A read-only transaction alone does not do: functions that end
 * backends, read files or open connections run in it too. What a view or an operator calls is left to the role's privileges.
 * @throws ToolFault `StatementNotAllowed` or `FunctionNotAllowed`
 */
export function readOnlyStatement(text: string): ReadOnlyStatement {
  const tokens = tokensOf(text);
  while (tokens.at(-1)?.text === ';') tokens.pop();
  if (tokens.length === 0) throw notAllowed('there is no statement');
  if (tokens.some((token) => token.text === ';')) throw notAllowed('one statement at a time');
  const end = tokens.at(-1)?.end ?? text.length;
  const sql = text.slice(0, end);
  const word = firstWord(tokens);
  if (word === 'show') return { sql, cursor: false };
  assertQuery(word === 'explain' ? explained(tokens) : tokens);
  return { sql, cursor: word !== 'explain' };
}

function assertQuery(tokens: readonly Token[]): void {
  if (!queries.has(firstWord(tokens)))
    throw notAllowed('only SELECT, WITH, VALUES, TABLE, SHOW and EXPLAIN of them are allowed');
  for (const [index, token] of tokens.entries()) {
    if (tokens[index + 1]?.text === '(') assertCall(tokens, index, token);
    if (token.kind === 'Word' && token.text === 'into') throw notAllowed('INTO is not allowed');
  }
  if (tokens.some((token, index) => token.text === 'for' && isLock(tokens[index + 1]))) {
    throw notAllowed('locking rows is not allowed');
  }
}

function isLock(next: Token | undefined): boolean {
  return next?.kind === 'Word' && /^(update|share|no|key)$/.test(next.text);
}

/** A name before a parenthesis calls a function, unless it is a word of the language. */
function assertCall(tokens: readonly Token[], index: number, token: Token): void {
  if (token.kind === 'Other') return;
  const qualifier = tokens[index - 1]?.text === '.' ? tokens[index - 2]?.text : undefined;
  if (allowedCalls.has(token.text) && (qualifier === undefined || qualifier === 'pg_catalog')) return;
  throw new ToolFault('FunctionNotAllowed', `${token.text} is not among the functions that may be called`);
}

/** What EXPLAIN explains. ANALYZE would run it. */
function explained(tokens: readonly Token[]): readonly Token[] {
  const start = tokens.findIndex((token, index) => index > 0 && token.kind === 'Word' && queries.has(token.text));
  const options = tokens.slice(1, start).filter((token) => token.kind !== 'Other');
  if (start < 0 || options.some((token) => !explainOptions.test(token.text))) {
    throw notAllowed('EXPLAIN takes a query, and no ANALYZE');
  }
  return tokens.slice(start);
}

function firstWord(tokens: readonly Token[]): string {
  const first = tokens.find((token) => token.text !== '(');
  return first?.kind === 'Word' ? first.text : '';
}

function notAllowed(why: string): ToolFault {
  return new ToolFault('StatementNotAllowed', why);
}
