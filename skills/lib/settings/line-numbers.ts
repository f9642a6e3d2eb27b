import type { NumberLiteral } from './literal.ts';

const number = /^-?\d+(?:\.\d+)?$/;

/** `NAME=123` of .env and .properties files, `name = 123` of INI and TOML files under their `[section]`. */
export function assignedNumbers(text: string): readonly NumberLiteral[] {
  const found: NumberLiteral[] = [];
  let section = '';
  for (const { line, start } of linesOf(text)) {
    const header = /^\s*\[+\s*([^\]]+?)\s*\]+\s*$/.exec(line);
    if (header?.[1] !== undefined) section = `${header[1]}.`;
    const match = /^(\s*(?:export\s+)?)([\w.-]+)(\s*[=:]\s*)("?)([^\s"#;]+)\4\s*(?:[#;].*)?$/.exec(line);
    const [, indent = '', name = '', mark = '', quote = '', value = ''] = match ?? [];
    if (!number.test(value)) continue;
    const at = start + indent.length + name.length + mark.length + quote.length;
    found.push({ key: section + name, value: Number(value), start: at, end: at + value.length });
  }
  return found;
}

interface Open {
  readonly indent: number;
  /** `listOrText` for a list's item or a block of text, whose numbers are left out. */
  readonly key: string;
}

const listOrText = '-';

/** `name: 123` of block mappings in YAML. Flow mappings, lists and documents after the first are left out. */
export function yamlNumbers(text: string): readonly NumberLiteral[] {
  const found: NumberLiteral[] = [];
  const open: Open[] = [];
  let begun = false;
  for (const { line, start } of linesOf(text)) {
    if (begun && /^(---|\.\.\.)(\s|$)/.test(line)) break;
    if (/^\s*(#|$)/.test(line)) continue;
    begun = true;
    closeFrom(open, line.search(/\S/));
    const number = yamlLine(line, open);
    if (number !== undefined) found.push({ ...number, start: start + number.start, end: start + number.end });
  }
  return found;
}

/** The number of a line, at its place in the line; a line that opens something is added to `open`. */
function yamlLine(line: string, open: Open[]): NumberLiteral | undefined {
  const indent = line.search(/\S/);
  const [, name = listOrText, rest = ''] = /^ *["']?([\w./-]+)["']?\s*:(?:\s+(\S.*)|\s*)$/.exec(line) ?? [];
  const value = /^(-?\d+(?:\.\d+)?)\s*(?:#.*)?$/.exec(rest)?.[1];
  if (value === undefined) {
    const opensMapping = rest === '' || rest.startsWith('#');
    open.push({ indent, key: opensMapping ? name : listOrText });
    return undefined;
  }
  const path = open.map(({ key }) => key);
  if (path.includes(listOrText)) return undefined;
  const start = line.length - rest.length;
  return { key: [...path, name].join('.'), value: Number(value), start, end: start + value.length };
}

function closeFrom(open: Open[], indent: number): void {
  while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
}

function linesOf(text: string): readonly { line: string; start: number }[] {
  let start = 0;
  return text.split('\n').map((whole) => {
    const line = { line: whole.replace(/\r$/, ''), start };
    start += whole.length + 1;
    return line;
  });
}
