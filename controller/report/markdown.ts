import { headOf, redact } from '../redaction/redact.ts';

/**
 * Text from outside (logs, findings, file names) made harmless in Markdown: one line, no HTML, no links, mentions or references that
 * the forge would act on, nor secrets: they are looked for before anything is cut or escaped. It is data, whatever it says.
 */
export function inline(text: string, limit = 300): string {
  // Before anything is cut or escaped: a secret that is spelt in another way is not known for one.
  const flat = redact(text).replaceAll(/\s+/g, ' ').trim();
  const cut = flat.length > limit ? `${headOf(flat, limit - 1)}…` : flat;
  return cut.replaceAll(/[\\`*_{}[\]<>|~]/g, (sign) => `\\${sign}`).replaceAll(/([@#])(?=\w)/g, '$1\u200b');
}

/**
 * Text from outside for a place that knows no Markdown, a title or a commit's message: one line, without secrets, and with no mention,
 * reference or `[skip ci]` that the forge would act on.
 */
export function plainLine(text: string, limit: number): string {
  const shown = inline(text, limit).replaceAll('\\', '').replaceAll('[', '(').replaceAll(']', ')');
  // What makes a mention none takes room.
  return shown.slice(0, limit);
}

/** A table; cells are escaped, rows are kept on one line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map((cell) => inline(cell))))].join(
    '\n',
  );
}

/** A fenced block that its content cannot end. */
export function fenced(given: string, language = '', limit = 12_000): string {
  const content = redact(given);
  const text =
    content.length > limit ? `${headOf(content, limit)}\n… cut, ${content.length - limit} characters more` : content;
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}
