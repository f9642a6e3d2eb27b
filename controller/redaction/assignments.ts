import { isHarmless, isNameOfObject, repeatsName } from './harmless.ts';
import type { Finder, Secret } from './secret.ts';
import { separators } from './separators.ts';
import { holdsSecretName, kindOfGroups, namePattern, type NameKind } from './secret-names.ts';
import { blockAt, elementAt, type Extent, headerAt, phraseAt, valueAt, withMore } from './value-extent.ts';

/** An ARN names secrets and holds none, a marker stands for one; they come first, so that nothing in them is taken for a name. */
const pattern = new RegExp(
  String.raw`\[redacted:[\w-]+\]|(?:(?<![\w-])arn:aws[\w-]{0,20}:[^\s"'\\,;&=]{1,2000})|${namePattern}(?:${separators})`,
  'gi',
);

/** Values that stand beside a name which promises a secret: `password=...`, `"token": "..."`, `Authorization: ...`. */
export const findAssignments: Finder = (text) => {
  if (!holdsSecretName(text)) return [];
  const secrets: Secret[] = [];
  let seen = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { kind, extent } = secretOf(text, match) ?? {};
    if (kind === undefined || extent === undefined || extent.start < seen) continue;
    secrets.push({ ...extent, kind });
    seen = extent.end;
    pattern.lastIndex = Math.max(extent.end, pattern.lastIndex);
  }
  return secrets;
};

function secretOf(text: string, match: RegExpExecArray): { kind: NameKind; extent: Extent } | undefined {
  const groups = match.groups ?? {};
  const kind = kindOfGroups(groups);
  if (kind === undefined || isOtherwiseMeant(text, match, groups)) return undefined;
  const at = match.index + match[0].length;
  const extent = isHeader(kind, text, at) ? headerAt(text, at) : wholeValue(text, match, at, kind);
  const value = text.slice(extent.start, extent.end);
  // After a flag without a value comes the next one.
  const isNext = groups['flag'] !== undefined && /^--?[a-z]/i.test(value);
  if (isNext || isHarmless(value, kind, isVariable(match)) || isNoValueOf(text, match, value)) return undefined;
  return isDoubtful(text, match, groups, extent) && !looksMade(value, groups['weak'] === undefined ? 6 : 16)
    ? undefined
    : { kind, extent: withMore(text, extent, isInList(match)) };
}

function isOtherwiseMeant(
  text: string,
  match: RegExpExecArray,
  groups: Readonly<Record<string, string | undefined>>,
): boolean {
  if (groups['flag'] !== undefined && !isFlag(text, match.index) && !isLine(text, match) && !isPair(text, match))
    return true;
  if (groups['tag'] !== undefined && !isOpeningTag(text, match)) return true;
  if (groups['form'] !== undefined && !isPart(text, match.index)) return true;
  if (groups['setter'] !== undefined && !isSetter(text, match.index)) return true;
  return isWorkingDirectory(text, match) || isDigestOf(text, match.index);
}

/** A block of YAML below the name, and a phrase of several words that is all there is on a line. */
function wholeValue(text: string, match: RegExpExecArray, at: number, kind: NameKind): Extent {
  if (match.groups?.['tag'] !== undefined) return elementAt(text, at) ?? valueAt(text, at);
  const inQuery = !/:[ \t]+$/.test(match[0]) && !isVariable(match);
  const extent = blockAt(text, at) ?? valueAt(text, at, inQuery);
  return kind === 'password' && /[:=]/.test(match[0]) ? (phraseAt(text, match.index, extent) ?? extent) : extent;
}

/** `DB_SECRET=`: of an environment. */
function isVariable({ 0: said }: RegExpExecArray): boolean {
  return /^[A-Z0-9_]{1,60}=$/.test(said);
}

/** Any scheme, where what follows is no prose. */
const scheme =
  /(?:(?:basic|bearer|digest|token|negotiate|ntlm|apikey|aws4-hmac-sha256|signature)[ \t]+(?!\[redacted:)|[A-Za-z][\w-]{1,30}[ \t]+(?=[^\s"'\d]{0,200}\d)(?!\[redacted:)[\w.~+/=:,%-]{12,})/iy;

/** Headers have values of several words; "authorization: denied" has not. */
function isHeader(kind: NameKind, text: string, at: number): boolean {
  if (kind === 'cookie') return !/["'\\]/.test(text.charAt(at));
  scheme.lastIndex = at;
  return kind === 'authorization' && scheme.test(text);
}

/** The shell's own variable, in every dump of an environment. */
function isWorkingDirectory(text: string, match: RegExpExecArray): boolean {
  return /^PWD=$/.test(match[0]) && /^[/~]/.test(text.charAt(match.index + 4));
}

/** `checksum/secret: 2c26b4...`, as charts annotate Pods so that a changed Secret restarts them. */
function isDigestOf(text: string, nameAt: number): boolean {
  return /(?:checksum|digest|sha\d{0,3}|hash)[/._-]$/i.test(text.slice(Math.max(0, nameAt - 12), nameAt));
}

/** `--db-password hunter2`: the word that the name is in begins with dashes. */
function isFlag(text: string, nameAt: number): boolean {
  return /(?:(?:^|[\s"'=])--?|(?:#[ \t]{0,4}define|\b(?:ENV|ARG|SetEnv|setenv|fastcgi_param|setx|set[ \t]+-[a-zA-Z]{1,4}))[ \t]{1,8}|\b(?:put|(?:config|configure|secrets?|env|variable)[ \t]{1,4}(?:set|put|add)(?:[ \t]{1,4}--[\w-]{1,20}){0,3})[ \t]{1,8}(?:[\w./-]{0,80}\/|\/\/[\w./-]{1,120}:)?)[\w.-]{0,60}$/.test(
    text.slice(Math.max(0, nameAt - 84), nameAt),
  );
}

/** `<db-password>hunter2</db-password>` */
function isOpeningTag(text: string, { index, 0: said }: RegExpExecArray): boolean {
  // `app:<password>@db` is no element.
  const at = index + said.length;
  if (/[@:/?&"'`\\%]/.test(text.charAt(at)) && elementAt(text, at) === undefined) return false;
  return /<[\w:.-]{0,60}$/.test(text.slice(Math.max(0, index - 62), index));
}

/** `Content-Disposition: form-data; name="password"` */
function isPart(text: string, nameAt: number): boolean {
  return /name=\\{0,16}["'][\w.-]{0,60}$/.test(text.slice(Math.max(0, nameAt - 84), nameAt));
}

/** `password: ["hunter2"]` */
function isInList({ 0: said }: RegExpExecArray): boolean {
  return /\[\s*$/.test(said);
}

/** `setPassword("hunter2")`, `.withToken("...")` */
function isSetter(text: string, nameAt: number): boolean {
  return /(?:[^A-Za-z]|^)(?:set|with)\w{0,40}$/i.test(text.slice(Math.max(0, nameAt - 50), nameAt));
}

/** The first of two arguments or items: `define('DB_PASSWORD', 'x')`, `["x-auth-token", "x"]`. */
function isPair(text: string, { index, 0: said }: RegExpExecArray): boolean {
  if (!/["'`],\s{0,40}$/.test(said)) return false;
  return /[\w([][([]\s{0,8}\\{0,16}["'`][\w.-]{0,60}$/.test(text.slice(Math.max(0, index - 90), index));
}

/** A line of a configuration that has a name and a value alone. */
function isLine(text: string, { index, 0: said }: RegExpExecArray): boolean {
  if (
    !/\w(?:[ \t]{1,40}|\\{1,16}t)$/.test(said) ||
    !/(?:^|\n|\\n|[:=][ \t]?\\{0,16}")[ \t]{0,16}[\w.-]{0,60}$/.test(text.slice(Math.max(0, index - 78), index))
  )
    return false;
  return /^(?:\S{1,200}(?:\s*$|[ \t]*\r?\n|\\{1,8}[rn])|[^\s"'\\]{1,200}\\{0,16}")/.test(
    text.slice(index + said.length, index + said.length + 210),
  );
}

/** The name itself, or what the Secret is called that a field tells of: `secret=prod/orders-db`. */
function isNoValueOf(text: string, match: RegExpExecArray, value: string): boolean {
  const name = nameIn(match);
  const isOfObject = /^secret$/i.test(name) && !/[\w.-]/.test(text.charAt(match.index - 1));
  return repeatsName(value, name) || (isOfObject && isNameOfObject(value));
}

/** The name, without what stands between it and its value. */
function nameIn({ 0: said }: RegExpExecArray): string {
  return /^[\w.-]{0,100}/.exec(said)?.[0] ?? '';
}

/** Where a secret stands no more often than something else: names of things, and pairs of words. */
function isDoubtful(
  text: string,
  match: RegExpExecArray,
  groups: Readonly<Record<string, string | undefined>>,
  { end }: Extent,
): boolean {
  if (groups['weak'] !== undefined || groups['cell'] !== undefined) return true;
  if (groups['password'] === undefined && (groups['setter'] !== undefined || isInList(match))) return true;
  if (groups['flag'] === undefined || isFlag(text, match.index)) return false;
  // Of a list, not of a call.
  return isLine(text, match) || !/^\\{0,16}["'`]\s{0,4}(?:\)|$)|^$/.test(text.slice(end, end + 24));
}

/** Made by chance or by a person with care: it has figures, and is no path and no name. */
function looksMade(value: string, least: number): boolean {
  return (
    value.length >= least &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !/^[A-Z0-9]{1,20}(?:_[A-Z0-9]{1,20}){1,8}$|^[/~.]/.test(value)
  );
}
