/** As much of TOML as gitleaks' configuration is written in: tables, lists of tables, strings, lists of strings, numbers. */
export type Table = { [key: string]: unknown };

const token =
  /\s*(?:#[^\n]*\n\s*)*(?:(?<list>\[\[[\w.]+\]\])|(?<table>\[[\w.]+\])|(?<key>[\w-]+)\s*=\s*(?<value>'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\[(?:\s*(?:'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')\s*,?|\s*#[^\n]*\n)*\s*\]|[\d.]+))/y;

/** @throws SyntaxError where the text is written in another way. */
export function parseToml(text: string): Table {
  const root: Table = {};
  let table = root;
  token.lastIndex = 0;
  for (
    let at = 0;
    text
      .slice(at)
      .replaceAll(/#[^\n]*/g, '')
      .trim() !== '';
    at = token.lastIndex
  ) {
    token.lastIndex = at;
    const groups = token.exec(text)?.groups;
    if (groups === undefined) throw new SyntaxError(`not understood: ${text.slice(at, at + 80)}`);
    const { list, table: plain, key, value } = groups;
    if (list !== undefined) table = opened(root, list.slice(2, -2), true);
    else if (plain !== undefined) table = opened(root, plain.slice(1, -1), false);
    else table[key ?? ''] = valueOf(value ?? '');
  }
  return root;
}

function opened(root: Table, path: string, isList: boolean): Table {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at = root;
  for (const name of names) {
    const held = at[name];
    at = (Array.isArray(held) ? held.at(-1) : held) as Table;
  }
  const made: Table = {};
  if (isList) at[last] = [...((at[last] as Table[] | undefined) ?? []), made];
  else at[last] = made;
  return made;
}

const item = /'''([\s\S]*?)'''|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|#[^\n]*/g;

function valueOf(source: string): unknown {
  if (/^[\d.]+$/.test(source)) return Number(source);
  const found = [...source.matchAll(item)].filter(([whole]) => !whole.startsWith('#'));
  const strings = found.map(([, raw, quoted, plain]) =>
    quoted === undefined ? (raw ?? plain ?? '') : (JSON.parse(`"${quoted}"`) as string),
  );
  return source.startsWith('[') ? strings : (strings[0] ?? '');
}
