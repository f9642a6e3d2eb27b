/** What a name says of its value; `authorization` is for headers, whose value may have several words. */
export type NameKind = 'password' | 'secret' | 'token' | 'authorization' | 'cookie';

/**
 * The part of a name that tells a secret, up to the name's end. What may stand before it is anything (`DB_PASSWORD`,
 * `clientSecret`); what may follow is little, so that `secretName`, `tokenFile`, `max_tokens` and `secretArn` are none.
 */
const word = String.raw`(?:(?<password>pass(?:word|wd|w|wort|phrase|code)|[_-]pass|[_-](?:pwd?|psw)|(?<![A-Za-z])p(?:wd|sw))|(?<token>token|(?:jsession|phpsess|aspsession)id)|(?<secret>secret(?:[_-]?access)?|(?:api|access|private|encrypt(?:ion)?|decryption|signing|account|shared|master|hmac|auth|consumer|storage|subscription|license|aes)[_-]?key|credentials?|(?<![A-Za-z])(?:creds|pass(?=\\{0,16}["']|=))|requirepass|masterauth|(?<![A-Za-z])_auth|x-amz-signature)|(?<authorization>authorization)|(?<cookie>(?<![\w-])(?:set-)?cookie))`;
const tail = String.raw`(?:[_-]?(?:key|value|string|hash|data|text|base64|b64))?\d{0,3}(?![\w-])`;

/** Source of a pattern that finds such a name in a text, with a group for its kind. */
export const namePattern = `${word}${tail}`;

const wholeName = new RegExp(`${namePattern}$`, 'i');

/** Part of every such name: without any of these there is none, and looking for them costs half of looking for a name. */
const part =
  /pass|[_-]p[sw]|pwd|psw|creds|masterauth|phpsess|aspsess|jsess|token|secret|key|credential|_auth|signature|authorization|cookie/i;

/** False for a text in which the pattern finds nothing. */
export function holdsSecretName(text: string): boolean {
  return part.test(text);
}

/** The kind of secret that a field of this name holds; undefined for other names. */
export function secretNameKind(name: string): NameKind | undefined {
  // A longer name is no name; the bound keeps the search short.
  const match = name.length > 200 || name === 'PWD' || !holdsSecretName(name) ? null : wholeName.exec(name);
  return match === null ? undefined : kindOfGroups(match.groups ?? {});
}

const kinds: readonly NameKind[] = ['password', 'token', 'secret', 'authorization', 'cookie'];

export function kindOfGroups(groups: Readonly<Record<string, string | undefined>>): NameKind | undefined {
  return kinds.find((kind) => groups[kind] !== undefined);
}
