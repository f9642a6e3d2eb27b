import type { RegexToken } from './lexer.ts';
import { MalformedQuery } from './malformed.ts';

const leadingFlags = /^\(\?([a-z]+)\)/;

/** A regular expression as the language has it: JavaScript's, with flags such as `(?i)` at its beginning. */
export function compileRegex({ source, start, end }: RegexToken): RegExp {
  const flags = leadingFlags.exec(source)?.[1] ?? '';
  const unknown = /[^ims]/.exec(flags);
  if (unknown !== null) throw new MalformedQuery(`the flag ${unknown[0]} is not supported`, { start, end });
  try {
    return new RegExp(source.replace(leadingFlags, ''), flags);
  } catch (cause) {
    throw new MalformedQuery(`/${source}/ is not a regular expression`, { start, end }, { cause });
  }
}

/** The names of the groups of a regular expression, in order. */
export function groupNames(source: string): string[] {
  return [...source.matchAll(/\(\?<([A-Za-z][A-Za-z0-9_]*)>/g)].map((found) => found[1] ?? '');
}

/** A glob of `parse`: each `*` takes as little as it can, the last one at the end all that is left. */
export function compileGlob(glob: string, names: readonly string[]): RegExp {
  const parts = glob.split('*').map(escape);
  const groups = names.map((_, index) => (index === names.length - 1 && parts.at(-1) === '' ? '([^]*)' : '([^]*?)'));
  return new RegExp(parts.map((part, index) => part + (groups[index] ?? '')).join(''));
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
