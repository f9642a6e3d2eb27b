/** A stretch of a text. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** A quoted value that goes on for longer is cut off in the log: it is taken to here. */
const longestQuoted = 4_096;

const opening = /(\\{0,16})(["'`])/y;
/** A backslash belongs to the value unless it begins an escape: then the text is JSON-escaped and the value is over. */
const bare = /(?:[^\s"'`&;<>\\,]|,(?![ \t]|\w{1,40}[=:])|\\(?![nrt"'\\]))+/y;
/** A reference in brackets of its own, which would else be cut at its closing one. */
const placeholder =
  /(?:\$\{[^{}\s]{0,200}\}|\$\([^()\s]{0,200}\)|\{\{[^{}]{0,200}\}\}|<[^<>\s]{1,200}>)(?=[\s"'`&;,)}\]\\]|$)/y;
const line = /(?:[^\n\r"'`\\]|\\(?![nrt"'\\]))*/y;

/** The value that stands at a place: within its quotes, or up to what ends a bare value. */
export function valueAt(text: string, at: number): Extent {
  opening.lastIndex = at;
  const quote = opening.exec(text);
  if (quote === null) return { start: at, end: bareEnd(text, at) };
  const start = at + quote[0].length;
  return { start, end: quotedEnd(text, start, quote[1]?.length ?? 0, quote[2] ?? '') };
}

/** The rest of a line, or of the quoted text that the line is in. */
export function restOfLine(text: string, at: number): Extent {
  line.lastIndex = at;
  return { start: at, end: at + (line.exec(text)?.[0].trimEnd().length ?? 0) };
}

function bareEnd(text: string, at: number): number {
  placeholder.lastIndex = at;
  const reference = placeholder.exec(text);
  if (reference !== null) return at + reference[0].length;
  bare.lastIndex = at;
  const run = bare.exec(text)?.[0] ?? '';
  return at + run.replace(/[,.)}\]]{1,8}$/, '').length;
}

/** The closing quote is escaped as often as the opening one; a quote of the value itself is escaped more often. */
function quotedEnd(text: string, start: number, backslashes: number, quote: string): number {
  const limit = Math.min(text.length, start + longestQuoted);
  for (let at = text.indexOf(quote, start); at !== -1 && at < limit; at = text.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (at - escapes > start && text[at - escapes - 1] === '\\') escapes += 1;
    if (escapes <= backslashes) return at - escapes;
  }
  const newline = text.indexOf('\n', start);
  return newline === -1 || newline > limit ? limit : newline;
}
