import type { NumberLiteral } from './literal.ts';
import { objectTokens, type Token } from './object-tokens.ts';

/** A brace or bracket that is open. */
interface Frame {
  /** The key under which it stands; undefined for a block of code or a call. */
  readonly key: string | undefined;
  readonly isList: boolean;
  index: number;
}

/**
 * The numbers of a JSON file, or of object literals and constants in a JavaScript or TypeScript file: each value that is a
 * number and nothing more, under `name:` or `name =`. A number in an expression is left out: changing it would be a guess.
 */
export function objectNumbers(text: string): readonly NumberLiteral[] {
  const tokens = objectTokens(text);
  const frames: Frame[] = [];
  return tokens.flatMap((token, at) => {
    if (token.kind === 'Mark') moveThrough(frames, tokens, at, token.text);
    const name = token.kind === 'Number' && standsAlone(tokens, at) ? keyAt(frames, tokens, at) : undefined;
    return name === undefined ? [] : [literal(frames, name, token)];
  });
}

function moveThrough(frames: Frame[], tokens: readonly Token[], at: number, mark: string): void {
  const last = frames.at(-1);
  if (mark === '{' || mark === '[') frames.push({ key: keyAt(frames, tokens, at), isList: mark === '[', index: 0 });
  else if (mark === '}' || mark === ']') frames.pop();
  else if (mark === ',' && last?.isList === true) last.index += 1;
}

/** The name that the token at `at` is the value of: before `:` or `=`, or its place in a list. */
function keyAt(frames: readonly Frame[], tokens: readonly Token[], at: number): string | undefined {
  const mark = tokens[at - 1];
  if (isMark(mark, ':') || isMark(mark, '=')) return nameBefore(tokens, at - 1);
  const last = frames.at(-1);
  return last?.isList === true ? String(last.index) : undefined;
}

function nameBefore(tokens: readonly Token[], mark: number): string | undefined {
  // `size: number = 5` is named by what stands before its type.
  const typed = isMark(tokens[mark], '=') && isMark(tokens[mark - 2], ':');
  const named = tokens[typed ? mark - 3 : mark - 1];
  if (named?.kind !== 'Name' && named?.kind !== 'String') return undefined;
  return named.text === 'module.exports' || named.text === 'exports' ? undefined : named.text;
}

/** After its name and before the end of the value. */
function standsAlone(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  const after = tokens[at + 1];
  const opens = before?.kind === 'Mark' && /^[:=,[]$/.test(before.text);
  return opens && (after === undefined || after.firstOfLine || (after.kind === 'Mark' && /^[,;}\]]$/.test(after.text)));
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'Mark' && token.text === text;
}

function literal(frames: readonly Frame[], name: string, { text, start, end }: Token): NumberLiteral {
  const path = frames.flatMap(({ key }) => (key === undefined ? [] : [key]));
  return { key: [...path, name].join('.'), value: Number(text.replaceAll('_', '')), start, end };
}
