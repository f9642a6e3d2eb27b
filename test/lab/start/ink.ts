import { stripVTControlCharacters, styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Text in colours, or plain where nobody sees them. */
export type Ink = (format: Format, text: string) => string;

export const plainInk: Ink = (_format, text) => text;

/** Colours on a terminal, unless NO_COLOR says otherwise; https://no-color.org. */
export function inkFor(stream: NodeJS.WriteStream): Ink {
  if (!stream.isTTY || (process.env['NO_COLOR'] ?? '') !== '') return plainInk;
  return (format, text) => styleText(format, text, { validateStream: false });
}

/** Columns that a text takes: what is shown here has no characters of double width. */
export function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Cuts a text without colours to a width, and shows that it did. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Breaks a text without colours into lines of at most `width`, at spaces but for words that are longer than that. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => wrapOne(paragraph, Math.max(10, width)));
}

function wrapOne(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const [word = ''] = rest.slice(space + 1).split(' ', 1);
    const at = space > width / 2 || (space > 0 && word.length <= width) ? space : width;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
