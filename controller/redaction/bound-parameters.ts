import { isHarmless } from './harmless.ts';
import { afterEscapes } from './rule.ts';
import { joined, type Finder, type Secret } from './secret.ts';
import { holdsSecretName, secretNameKind, type NameKind } from './secret-names.ts';

/** How far before its parameters a statement may begin: databases and libraries say them right behind it. */
const reach = 3_000;

const value = String.raw`(?:'(?:[^'\n]|''){0,2000}'|"[^"\n\\]{0,2000}"|[^\s,'"()[\]]{1,400})`;
/** PostgreSQL: `parameters: $1 = 'x', $2 = '7'`; most others: `params: ["x", 7]`, `args=('x', 7)`. */
const list = new RegExp(
  afterEscapes(
    String.raw`(?<![\w-])(?:parameters|params|args|binds?|bindings?|values)(?::|=|[ \t]=)[ \t]{0,4}(?<items>(?:\$\d{1,3} = ${value}(?:, )?){1,200}|(?:[^\s,()"'\\[\]]{1,400}\(\w{1,20}\)(?:, )?){1,200}|[[(]{1,2}\s{0,4}${value}(?:\s{0,4},\s{0,4}${value}){0,199})`,
  ),
  'gid',
);
const item = new RegExp(String.raw`(?:\$(?<number>\d{1,3}) = )?(?<said>${value})(?:\(\w{1,20}\))?`, 'gd');
/** Hibernate, and Spring's templates: a line each. */
const line =
  /binding parameter [[(](?<number>\d{1,3})(?:\] as \[\w{1,40}\] - \[|:\w{1,40}\) <- \[)(?<said>[^\n]{1,400}?)\](?=\s*(?:\n|$)|["\\])/dgi;
const statement = new RegExp(
  afterEscapes(
    String.raw`(?<![\w-])(?:insert\s{1,8}into|update|select|merge\s{1,8}into|replace\s{1,8}into|delete\s{1,8}from)(?!\w)`,
  ),
  'gi',
);
const mark = String.raw`(?:\$\d{1,3}|\?\d{0,3}|%s|@[pP]\d{1,3}|:\w{1,60})`;
const compared = new RegExp(
  String.raw`(?:(?<!\w)(?<name>[A-Za-z_]\w{0,80})["'\x60\]\\]{0,4}\s{0,4}(?:=|<>|!=|(?<!\w)like|(?<!\w)in)\s{0,4}\(?\s{0,4})?(?<mark>${mark})(?!\w)`,
  'gi',
);
const inserted = /\(([^()]{1,2000})\)\s{0,8}values\s{0,8}\(/i;

type Kinds = ReadonlyMap<number, NameKind>;
const nothing: Kinds = new Map();

/** Parameters that a log tells behind a statement in which a column promises a secret. */
export const findBound: Finder = (text) => {
  if (!/param|args|bind|values/i.test(text) || !holdsSecretName(text)) return [];
  const statements = Array.from(text.matchAll(statement), ({ index }) => index);
  const found: Secret[] = [];
  if (statements.length === 0) return found;
  const ofLists = kindsBefore(text, statements);
  for (const match of text.matchAll(list)) found.push(...inList(match, ofLists(match.index)));
  const ofLines = kindsBefore(text, statements);
  for (const match of text.matchAll(line))
    found.push(...secretOf(match, 0, ofLines(match.index).get(Number(match.groups?.['number']))));
  return joined(found);
};

function inList(match: RegExpExecArray, kinds: Kinds): readonly Secret[] {
  if (kinds.size === 0) return [];
  const from = match.indices?.groups?.['items']?.[0] ?? 0;
  const items = [...(match.groups?.['items'] ?? '').matchAll(item)];
  return items.flatMap((one, at) => secretOf(one, from, kinds.get(Number(one.groups?.['number'] ?? at + 1))));
}

function secretOf({ groups, indices }: RegExpExecArray, from: number, kind: NameKind | undefined): readonly Secret[] {
  const [start, end] = indices?.groups?.['said'] ?? [0, 0];
  const said = groups?.['said'] ?? '';
  const quotes = /^(?<quote>['"])[^]*\k<quote>$/.test(said) ? 1 : 0;
  if (kind === undefined || said.includes('redacted:') || isHarmless(said.slice(quotes, said.length - quotes), kind))
    return [];
  return [{ start: from + start + quotes, end: from + end - quotes, kind }];
}

/** What the columns of the last statement before a place promise, for places that only grow; each statement is read once. */
function kindsBefore(text: string, statements: readonly number[]): (at: number) => Kinds {
  let next = 0;
  let kinds = nothing;
  return (at) => {
    let isNew = false;
    for (; (statements[next] ?? Infinity) < at; next += 1) isNew = true;
    const begin = statements[next - 1];
    if (begin === undefined || at - begin > reach) return nothing;
    if (isNew) kinds = kindsIn(text.slice(begin, at));
    return kinds;
  };
}

function kindsIn(said: string): Kinds {
  const columns = inserted.exec(said);
  const names = columns?.[1]?.split(',') ?? [];
  const kinds = new Map<number, NameKind>();
  const from = columns === null ? 0 : columns.index + columns[0].length;
  const rest = said.slice(from);
  for (const [place, { groups = {}, index }] of [...rest.matchAll(compared)].entries()) {
    const kind = secretNameKind(
      (groups['name'] ?? names[rest.slice(0, index).split(',').length - 1] ?? '').replaceAll(/[^\w-]/g, ''),
    );
    if (kind !== undefined) kinds.set(numberOf(groups['mark'], place), kind);
  }
  return kinds;
}

/** `$2` says its number, `?` stands for the next one. */
function numberOf(mark = '', place = 0): number {
  return Number(/\d+$/.exec(mark)?.[0] ?? place + 1);
}
