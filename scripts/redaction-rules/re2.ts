/** Go's regular expressions (RE2) as those of JavaScript: what one writes otherwise than the other. */

export interface Converted {
  readonly source: string;
  readonly flags: '' | 'i';
}

/** Named classes of POSIX, for the inside of brackets. */
const named: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: String.raw`\t `,
  digit: '0-9',
  lower: 'a-z',
  punct: String.raw`!-\/:-@[-\x60{-~`,
  space: String.raw`\t\n\v\f\r `,
  upper: 'A-Z',
  word: String.raw`\w`,
  xdigit: '0-9A-Fa-f',
};

const piece =
  /(?<class>\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\])|(?<escape>\\[\s\S])|(?<flags>\(\?(?<on>[imsU]*)(?:-(?<off>[imsU]+))?\))|(?<open>\((?:\?(?:P?<[A-Za-z]\w*>|[ims-]*:))?)|(?<close>\))|(?<or>\|)|(?<any>\.)|(?<rest>[\s\S])/g;

/** @throws SyntaxError naming what JavaScript has no like of. */
export function convert(re2: string): Converted {
  const whole = /^\(\?i\)/.exec(re2);
  const parts: string[] = [];
  // For each open group the flags that were set inside it: they hold up to its end, over its alternatives too.
  const set: string[] = [''];
  for (const { groups = {} } of re2.slice(whole?.[0].length ?? 0).matchAll(piece)) parts.push(written(groups, set));
  const source = parts.join('') + ')'.repeat(set[0] === '' ? 0 : 1);
  // Throws where something is left that JavaScript does not read.
  void new RegExp(source, whole === null ? '' : 'i');
  return { source, flags: whole === null ? '' : 'i' };
}

function written(groups: Readonly<Record<string, string | undefined>>, set: string[]): string {
  const { class: inBrackets, escape, any, rest = '' } = groups;
  if (inBrackets !== undefined) return classOf(inBrackets);
  if (escape !== undefined) return escapeOf(escape);
  // RE2's dot stops at a line feed alone.
  if (any !== undefined) return String.raw`[^\n]`;
  return groupOf(groups, set) ?? rest;
}

/** What opens, divides and closes groups, and sets flags in them. */
function groupOf(groups: Readonly<Record<string, string | undefined>>, set: string[]): string | undefined {
  const { flags, open, close, or } = groups;
  if (flags !== undefined) return beginFlags(groups['on'] ?? '', groups['off'], set);
  if (open !== undefined) {
    set.push('');
    return open.replace('(?P<', '(?<');
  }
  const held = set.at(-1) ?? '';
  if (close !== undefined) {
    set.pop();
    return held === '' ? ')' : '))';
  }
  if (or === undefined) return undefined;
  return held === '' ? '|' : `)|${held}`;
}

function beginFlags(on: string, off: string | undefined, set: string[]): string {
  if (/[mU]/.test(on + (off ?? ''))) throw new SyntaxError('flags m and U are not converted');
  const before = set.at(-1) ?? '';
  const group = `(?${on}${off === undefined ? '' : `-${off}`}:`;
  set[set.length - 1] = group;
  return before === '' ? group : `)${group}`;
}

function escapeOf(escape: string): string {
  switch (escape) {
    case '\\z':
      return String.raw`(?![\s\S])`;
    case '\\A':
      return String.raw`(?<![\s\S])`;
    case '\\p':
    case '\\P':
    case '\\Q':
    case '\\C':
      throw new SyntaxError(`${escape} is not converted`);
    default:
      return escape;
  }
}

function classOf(source: string): string {
  const posix = source.replaceAll(/\[:(\^?)(\w+):\]/g, (_, negated: string, name: string) => {
    const inside = named[name];
    if (negated !== '' || inside === undefined) throw new SyntaxError(`[:${negated}${name}:] is not converted`);
    return inside;
  });
  // A bracket that comes first is itself in RE2, and ends the class in JavaScript.
  return posix.replace(/^\[(\^?)\]/, String.raw`[$1\]`);
}
