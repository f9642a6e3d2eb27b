import { isHarmless } from './harmless.ts';
import type { Finder, Secret } from './secret.ts';
import { holdsSecretName, kindOfGroups, namePattern, type NameKind } from './secret-names.ts';
import { blockAt, type Extent, phraseAt, restOfLine, valueAt } from './value-extent.ts';

const quote = String.raw`\\{0,16}["'${'`'}]`;

/** What a value may be wrapped in: a tag or an anchor of YAML, the kind of a string, a call that makes one. */
const wrapping = String.raw`(?:[!&][\w!]{1,20}[ \t]{1,4}|(?:[bfruBFRU]{1,2}|@|\$)(?=["'])|(?:new[ \t])?(?:Secret|SecretStr|SecretString|String|str|bytes|Bytes|Buffer\.from|\[\]byte|Some|quote)\((?=\\{0,16}["']))?`;

/** What may stand between a name and its value; the last, mere blanks, counts for command line flags alone. */
const separators = [
  String.raw`(?:${quote})?\]?[ \t]{0,20}(?::=|!?={1,3}>?|:{1,2})[ \t]{0,20}${wrapping}`,
  '(?<tag>>)',
  // <entry key="db-password">, <add key="db-password" value="..."/>
  String.raw`${quote}[ \t]{0,4}(?:>|[ \t]value[ \t]{0,4}=[ \t]{0,4})`,
  // {"name": "DB_PASSWORD", "value": "..."}, as ECS and Kubernetes write an environment, and the same in YAML.
  String.raw`${quote}\s{0,40},\s{0,40}${quote}value${quote}\s{0,40}:\s{0,40}`,
  String.raw`(?:${quote})?(?:\s|\\{1,16}[nrt]){1,40}value[ \t]{0,20}:[ \t]{0,20}`,
  // --password x, and the same as a list of arguments in JSON and YAML.
  String.raw`(?<flag>[ \t]{1,8}|${quote},\s{0,40}(?=${quote})|(?:${quote})?(?:\s|\\{1,16}[nrt]){1,40}-[ \t]{1,8})`,
].join('|');

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
  const extent = isHeader(kind, text, at) ? restOfLine(text, at) : wholeValue(text, match, at, kind);
  const value = text.slice(extent.start, extent.end);
  // After a flag without a value comes the next one.
  const isNext = groups['flag'] !== undefined && /^--?[a-z]/i.test(value);
  return isNext || isHarmless(value, kind) ? undefined : { kind, extent };
}

function isOtherwiseMeant(
  text: string,
  match: RegExpExecArray,
  groups: Readonly<Record<string, string | undefined>>,
): boolean {
  if (groups['flag'] !== undefined && !isFlag(text, match.index)) return true;
  if (groups['tag'] !== undefined && !isOpeningTag(text, match.index)) return true;
  return isWorkingDirectory(text, match) || isDigestOf(text, match.index);
}

/** A block of YAML below the name, and a phrase of several words that is all there is on a line. */
function wholeValue(text: string, match: RegExpExecArray, at: number, kind: NameKind): Extent {
  const extent = blockAt(text, at) ?? valueAt(text, at);
  return kind === 'password' && /[:=]/.test(match[0]) ? (phraseAt(text, match.index, extent) ?? extent) : extent;
}

const scheme = /(?:basic|bearer|digest|token|negotiate|ntlm|apikey|aws4-hmac-sha256|signature)[ \t]+(?!\[redacted:)/iy;

/** Headers have values of several words; "authorization: denied" has not. */
function isHeader(kind: NameKind, text: string, at: number): boolean {
  if (kind === 'cookie') return true;
  scheme.lastIndex = at;
  return kind === 'authorization' && scheme.test(text);
}

/** The shell's own variable, in every dump of an environment. */
function isWorkingDirectory(text: string, match: RegExpExecArray): boolean {
  return match[0].startsWith('PWD') && /^PWD=[/~]/.test(text.slice(match.index, match.index + 5));
}

/** `checksum/secret: 2c26b4...`, as charts annotate Pods so that a changed Secret restarts them. */
function isDigestOf(text: string, nameAt: number): boolean {
  return /(?:checksum|digest|sha\d{0,3}|hash)[/._-]$/i.test(text.slice(Math.max(0, nameAt - 12), nameAt));
}

/** `--db-password hunter2`: the word that the name is in begins with dashes. */
function isFlag(text: string, nameAt: number): boolean {
  return /(?:^|[\s"'=])--?[\w-]{0,60}$/.test(text.slice(Math.max(0, nameAt - 64), nameAt));
}

/** `<db-password>hunter2</db-password>` */
function isOpeningTag(text: string, nameAt: number): boolean {
  return /<[\w:.-]{0,60}$/.test(text.slice(Math.max(0, nameAt - 62), nameAt));
}
