/** A token of JSON or of a JavaScript object literal; comments and white space are left out. */
export interface Token {
  readonly kind: 'Name' | 'String' | 'Number' | 'Mark';
  /** A string's content, without escapes undone; else the text itself. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A line end stands before it. */
  readonly firstOfLine: boolean;
}

const patterns: readonly (readonly [Token['kind'] | 'Skip', RegExp])[] = [
  ['Skip', /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|^#![^\n]*/y],
  ['String', /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/y],
  ['Number', /-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y],
  ['Name', /[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\??\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*/uy],
  ['Mark', /=>|\?\?|\|\||&&|[\s\S]/y],
];

export function objectTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let firstOfLine = true;
  for (let at = 0; at < text.length;) {
    const { kind, found } = tokenAt(text, at);
    const end = at + found.length;
    if (kind === 'Skip') {
      firstOfLine ||= found.includes('\n');
    } else {
      const shown = kind === 'String' ? found.slice(1, -1) : found;
      tokens.push({ kind, text: shown, start: at, end, firstOfLine });
      firstOfLine = false;
    }
    at = end;
  }
  return tokens;
}

function tokenAt(text: string, at: number): { kind: Token['kind'] | 'Skip'; found: string } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined && found !== '') return { kind, found };
  }
  return { kind: 'Mark', found: text[at] ?? ' ' };
}
