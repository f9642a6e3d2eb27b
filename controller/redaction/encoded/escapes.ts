import { joined, type Finder, type Secret } from '../secret.ts';
import { decode, inEncoded, linesWith } from './decoded.ts';

/** How a colour of the terminal begins: by its character, or by what is written for it. */
const colour = String.raw`(?:${String.fromCharCode(27)}|\\u001[bB]|\\x1[bB]|\\033|\\e)\[`;

/** A line that goes on where it was broken, or a part of one in a log of JSON lines; not one that begins with a time or a name. */
const broken = String.raw`(?<=[\w+/=.~%$-]{4})(?:\\{1,8}r)?\\{1,8}n(?!\d{4}-\d\d-\d\d[ T][\d:.]{5,20}(?!\S{0,20} std)|\w{1,60}(?:: |=\w))(?=[\w+/=.~$-]{4})|\\{1,4}"\}\\{1,4}n\{\\{1,4}"`;

/** Names that tell of the lines below them: of a list, or of a table's columns. */
const listed = String.raw`(?:passwords|passphrases|secrets|tokens|keys|credentials)["'\\]{0,4}:[ \t]{0,8}\\{1,8}n[ \t]{0,40}-[ \t]|(?:passw\w{0,4}|pwd|secret|token|key)["'\\]{0,4}[ \t]{0,20}(?:[,;|][\w .-]{0,40}){0,30}\\{1,8}n(?=[^\n"\\]{0,200}[,;|+])`;

/**
 * Escapes that may hide a character of a secret or of its name: in JSON and in programs, in HTML, and the colours of a terminal. Quotes
 * and ends of lines alone are no reason to look: the rules know those.
 */
const hiding = new RegExp(
  String.raw`\\u00[0-7][0-9a-f]|\\x[0-7][0-9a-f]|\\/|\\n[ \t]{0,8}(?:kind|data|stringData):|${listed}|${broken}|&(?:quot|apos|amp|lt|gt|#\d{2,3}|#x[0-9a-f]{2});|${colour}`,
  'gi',
);

/** Colours come first: their own escape is one too. */
const escapes = new RegExp(
  String.raw`(?<colour>${colour}[\d;]{0,20}[A-Za-z])|\\u(?<unicode>[0-9a-fA-F]{4})|\\x(?<byte>[0-9a-fA-F]{2})|\\(?<sign>["'\\/bfnrt])|&(?:(?<entity>quot|apos|amp|lt|gt)|#(?<decimal>\d{2,3})|#[xX](?<hex>[0-9a-fA-F]{2}));`,
  'g',
);

const signs: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>' };

/** What the text tells one level of escapes down. */
export function escapesFinder(find: Finder): Finder {
  return (text) =>
    linesWith(text, hiding).flatMap(([start, end]) => {
      const decoded = decode(text.slice(start, end), escapes, ({ groups = {} }) => characterOf(groups));
      return decoded === undefined ? [] : inEncoded(find(decoded.text), decoded, start);
    });
}

function characterOf(groups: Readonly<Record<string, string | undefined>>): string {
  const { unicode, byte, colour, sign, entity, decimal, hex } = groups;
  if (colour !== undefined) return '';
  if (sign !== undefined) return signs[sign] ?? sign;
  if (entity !== undefined) return entities[entity] ?? '';
  const code = decimal === undefined ? Number.parseInt(unicode ?? byte ?? hex ?? '', 16) : Number(decimal);
  return String.fromCharCode(code);
}

/** A form may have no more of it than blanks. */
const percent = /%(?:[2-7][0-9a-f]|0[9ad])|=[\w.-]{1,40}\+[\w.-]{1,40}\+/gi;
const percents = /%(?<code>[0-7][0-9a-fA-F])/g;
/** The body of a form, where a blank is written as a plus. */
const inForms = /%(?<code>[0-7][0-9a-fA-F])|\+/g;

/** What the text tells one level of URL encoding down. */
export function percentFinder(find: Finder): Finder {
  return (text) =>
    linesWith(text, percent).flatMap(([start, end]) => {
      const line = text.slice(start, end);
      const readings = line.includes('+') && line.includes('=') ? [percents, inForms] : [percents];
      return joined(readings.flatMap((reading) => readAs(line, reading, start, find)));
    });
}

function readAs(line: string, reading: RegExp, start: number, find: Finder): readonly Secret[] {
  const decoded = decode(line, reading, ({ groups = {} }) =>
    groups['code'] === undefined ? ' ' : String.fromCharCode(Number.parseInt(groups['code'], 16)),
  );
  return decoded === undefined ? [] : inEncoded(find(decoded.text), decoded, start);
}
