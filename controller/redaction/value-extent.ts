import { holdsSecretName } from './secret-names.ts';

/** A stretch of a text. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** A quoted value that goes on for longer is cut off in the log: it is taken to here. */
const longestQuoted = 4_096;

const opening = /(\\{0,16})(["'`])(?:\1\2\1\2(?!\1\2))?/y;
/** A backslash belongs to the value unless it begins an escape: then the text is JSON-escaped and the value is over. */
const bare = /(?:[^\s"'`&;<>\\,]|&(?![\w.-]{0,40}=|\w{1,8};|&|[\s"'`\\]|$)|,(?![ \t]|\w{1,40}[=:])|\\(?![nrt"'\\]))+/y;
const alone = new RegExp(bare.source.replace(String.raw`[\w.-]{0,40}=|`, ''), 'y');
/** A reference in brackets of its own, which would else be cut at its closing one. */
const placeholder =
  /(?:\$\{[^{}\s]{0,200}\}|\$\((?!echo|printf)[^()\n"'`\\]{0,200}\)|\$?\{\{[^{}]{0,200}\}\}|\([a-z ]{1,40}\)|<[^<>\s]{1,200}>)(?=[\s"'`&;,)}\]\\]|$)/y;
const line = /(?:[^\n\r"'`\\]|\\(?![nrt"'\\]))*/y;

/** The value that stands at a place: within its quotes, or up to what ends a bare value, as the next parameter of a query does (`inQuery`). */
export function valueAt(text: string, at: number, inQuery = true): Extent {
  opening.lastIndex = at;
  const quote = opening.exec(text);
  if (quote === null) return { start: at, end: bareEnd(text, at, inQuery ? bare : alone) };
  const start = at + quote[0].length;
  const [, escapes = '', sign = ''] = quote;
  if (quote[0].length > escapes.length + 1) return { start, end: longEnd(text, start, quote[0]) };
  return { start, end: quotedEnd(text, start, escapes.length, sign) };
}

const element = /[^<>\s]{1,4096}(?=<\\{0,8}\/)/y;

/** What an element of XML holds, up to its closing tag; undefined where none follows. */
export function elementAt(text: string, at: number): Extent | undefined {
  element.lastIndex = at;
  const said = element.exec(text)?.[0];
  return said === undefined ? undefined : { start: at, end: at + said.length };
}

/** Where a text in three quotes ends. */
function longEnd(text: string, start: number, marks: string): number {
  const end = text.indexOf(marks, start);
  return end === -1 || end > start + longestQuoted ? Math.min(text.length, start + longestQuoted) : end;
}

const blockHead = /[|>][+-]?\d?[ \t]{0,8}(?<newline>\r?\n|\\{1,16}n)(?<indent>[ \t]{1,40})(?=[^\s\\])/y;

/** The lines of a block of YAML (`password: |`), which are indented alike; undefined where there is none. */
export function blockAt(text: string, at: number): Extent | undefined {
  blockHead.lastIndex = at;
  const head = blockHead.exec(text);
  const { newline = '', indent = '' } = head?.groups ?? {};
  if (head === null) return undefined;
  const start = at + head[0].length;
  const limit = Math.min(text.length, start + longestQuoted);
  let end = start;
  for (let next = start; next < limit; next += newline.length + indent.length) {
    const close = text.indexOf(newline, next);
    end = lineEnd(text, next, close === -1 ? limit : Math.min(close, limit));
    if (close === -1 || !text.startsWith(newline + indent, close)) break;
    next = close;
  }
  return { start, end };
}

/** In JSON-escaped text the string's own quote ends the line as well. */
function lineEnd(text: string, from: number, to: number): number {
  const quote = text.slice(from, to).indexOf('"');
  return quote === -1 ? to : from + quote;
}

const lineStart = /(?:^|\n|\\n)[ \t]{0,40}(?:-[ \t]{1,4}|export[ \t]{1,4}|set[ \t]{1,4})?(?:[A-Za-z_][\w.-]{0,80})?$/;
const moreWords = /(?:[ \t]{1,4}(?![#-])[^\s"'`=:;,{}()<>|&\\]{1,40}){1,8}[ \t]*(?=\r?\n|$|\\{1,16}[nr])/y;

/** A value of several words without quotes, where the line has nothing but its name before it; undefined for others. */
export function phraseAt(text: string, nameAt: number, { start, end }: Extent): Extent | undefined {
  if (start === end || !lineStart.test(text.slice(Math.max(0, nameAt - 120), nameAt))) return undefined;
  if (/["'`]/.test(text.slice(start - 1, start))) return undefined;
  moreWords.lastIndex = end;
  const more = moreWords.exec(text);
  return more === null ? undefined : { start, end: end + more[0].trimEnd().length };
}

const parameters =
  /(?<==)(?:(?<quote>\\{0,16}")[^"\\\n]{0,2000}\k<quote>(?:[ \t]{0,4},[ \t]{0,4}[\w-]{1,40}=[^\s",\\]{0,400})?){1,40}/y;

/** The rest of a line with the parameters of a header, which stand in quotes: `Digest username="x", response="y"`. */
export function headerAt(text: string, at: number): Extent {
  const { start, end } = restOfLine(text, at);
  parameters.lastIndex = end;
  return { start, end: end + (parameters.exec(text)?.[0].length ?? 0) };
}

const joint = String.raw`[ \t]{1,8}(?:->|\+)[ \t]{1,8}`;
const comma = String.raw`\s{0,8},\s{0,40}`;
const others = (joint: string): RegExp =>
  new RegExp(String.raw`(?:\\{0,16}["']${joint}\\{0,16}["'][^"'\\\n]{1,400}){1,40}`, 'y');
const further = others(joint);
const items = others(comma);

/**
 * The value with what goes on behind it in quotes of its own: the one that it is changed to (`"old" -> "new"`, as a plan of Terraform has
 * it), what is put to it (`"a" + "b"`) or the further items of a list.
 */
export function withMore(text: string, { start, end }: Extent, isInList: boolean): Extent {
  const more = isInList ? items : further;
  more.lastIndex = end;
  return { start, end: end + (more.exec(text)?.[0].length ?? 0) };
}

/** The rest of a line, or of the quoted text that the line is in. */
export function restOfLine(text: string, at: number): Extent {
  line.lastIndex = at;
  return { start: at, end: at + (line.exec(text)?.[0].trimEnd().length ?? 0) };
}

function bareEnd(text: string, at: number, bare: RegExp): number {
  placeholder.lastIndex = at;
  const reference = placeholder.exec(text);
  if (reference !== null) return at + reference[0].length;
  bare.lastIndex = at;
  const run = bare.exec(text)?.[0] ?? '';
  return at + run.replace(/[,.)}\]]{1,8}$/, '').length;
}

/** A name that a value follows, so that a quote behind it opens another one. */
const nextName = /[\w.-]{1,60}\\{0,16}["'\]]{0,3}[ \t]{0,3}(?:=>?|:)[ \t]{0,3}$/;
const lineOrField = /[\n\0"]/;

/** The closing quote is escaped as often as the opening one; a quote of the value itself is escaped more often. */
function quotedEnd(text: string, start: number, backslashes: number, quote: string): number {
  const limit = Math.min(text.length, start + longestQuoted);
  for (let at = text.indexOf(quote, start); at !== -1 && at < limit; at = text.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (at - escapes > start && text[at - escapes - 1] === '\\') escapes += 1;
    if (escapes <= backslashes) return beforeNext(text, start, at - escapes);
  }
  const newline = text.indexOf('\n', start);
  return newline === -1 || newline > limit ? limit : newline;
}

/** Where the quote opens the value of another name the one before has no end: it is over with its line, or with the text that it is in. */
function beforeNext(text: string, start: number, end: number): number {
  const name = nextName.exec(text.slice(Math.max(start, end - 90), end))?.[0];
  if (name === undefined || !holdsSecretName(name)) return end;
  const over = text.slice(start, end).search(lineOrField);
  return over === -1 ? end : start + over;
}
