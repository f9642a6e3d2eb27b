import { afterEscapes } from './rule.ts';

/** What a name says of its value; `authorization` is for headers, whose value may have several words. */
export type NameKind = 'password' | 'secret' | 'token' | 'authorization' | 'cookie';

/** A hump of a name: `smtpPass`, whatever the case of the rest. */
const hump = String.raw`(?-i:(?<=[a-z0-9])P(?:ass|wd|w|at|sk))`;

/** Whose short words for a password are written in one with theirs: `smtppass`, `storepass`. */
const owners =
  'smtp|mail|db|sql|pg|redis|mongo|mq|amqp|rabbit|user|admin|root|ssh|ftp|ldap|bind|http|proxy|auth|login|key|store|trust|src|dest|app|service|account|database|wifi';

/** A password in other languages than English. */
const foreign = String.raw`kennwort|mot[ _-]de[ _-]passe|contrase(?:ñ|n|\\u00f1|%C3%B1)a|clave[_-]?secreta|senha|wachtwoord|salasana|heslo|parola|l(?:ö|o|\\u00f6)senord|has(?:ł|l|\\u0142)o|пароль|密码|密碼|パスワード|비밀번호`;

/** What a key is for that nobody may have. */
const keys = String.raw`api|access|private|encrypt(?:ion)?|decryption|signing|sign|account|shared|master|hmac|auth|consumer|storage|subscription|license|licence|aes|cipher|jwt|webhook|function`;

/** Keys of these are secret as often as not: the value has to look like one. */
const weakKeys = String.raw`app|application|service|admin|client|server|session|cookie|csrf|root|host|write|ingest|ingestion|deploy|deployment|project|integration|team|bot|relay|rest|instrumentation|routing[_-]?integration|validation|write[_-]?only|events?`;

/** Tokens that tell where to go on, and open nothing. */
const marks = String.raw`(?<!page[_-]?|public[_-]?key|continu(?:e|ation)[_-]?|pagination[_-]?|(?<![a-z])next[_-]?|cancell?ation[_-]?|(?<![a-z])sync[_-]?)`;

const passwords = [
  String.raw`passwords(?=\\{0,16}["']|[ \t]{0,4}[=:][ \t]{0,4}\[)`,
  'pass(?:word|wd|w|wort|[_-]?phrase|code)',
  '[_-]pass',
  '[_-](?:pw|psw|psk)',
  '(?<!old)pwd',
  '(?<![A-Za-z0-9+/])(?:psw|pw|psk)',
  hump,
  `(?<=(?:${owners}))(?:pass|pw)`,
  `(?<![A-Za-z])(?:${foreign})`,
  '(?:seed|recovery|backup)[_-]?(?:phrase|code)s?',
  'requirepass|masterauth',
];
const tokens = [
  `${marks}token`,
  '(?:jsession|phpsess|aspsession)id',
  '[_-]pat',
  '(?<=[?&])session[_-]?id',
  '(?<![A-Za-z])connect[.]sid',
];
const secrets = [
  'secret(?:[_-]?access)?',
  `(?:${keys})[_-]?key`,
  `(?<weak>(?<![A-Za-z])(?:auth|logged[_-]?in|nonce|cookie|session|encryption)[_-]?salt|(?<![A-Za-z])(?:[A-Za-z][\\w.-]{0,29}[_.-])?(?:${weakKeys})[_-]?key|(?-i:(?<=[a-z0-9])(?:App|Application|Service|Admin|Client|Server|Session|Deploy|Project|Write)Key))`,
  'credentials?',
  String.raw`(?<![A-Za-z])(?:creds|pass(?=\\{0,16}["']|[=>]|:[ \t]{0,4}(?:\\{0,16}["']|(?=[^\s"'\\]{0,60}\d)(?=[^\s"'\\]{0,60}[A-Za-z])[^\s"'\\]{6})))`,
  '(?<![A-Za-z])_auth',
  '(?<=x-[a-z]{2,6}-|[?&])signature',
  'saml(?:response|art)|mnemonic|(?<=-)crumb|device[_-]?code|code[_-]?verifier|erlang[_-]?cookie|(?<=-)setcookie|x-honeycomb-team',
];

/**
 * The part of a name that tells a secret, up to the name's end. What may stand before it is anything (`DB_PASSWORD`,
 * `clientSecret`); what may follow is little, so that `secretName`, `tokenFile`, `max_tokens` and `secretArn` are none.
 */
const word = `(?:(?<password>${passwords.join('|')})|(?<token>${tokens.join('|')})|(?<secret>${secrets.join('|')})|(?<authorization>authorization)|(?<cookie>(?<![\\w-])(?:set-)?cookie))`;
const tail = String.raw`(?:[_-]?(?:key|value|string|hash|data|text|base64|b64|base|private|plain|raw|old|new|prod|live|dev|test|staging|primary|secondary)){0,2}[_-]?\d{0,3}(?![\w-])`;

/** Source of a pattern that finds such a name in a text, with a group for its kind. */
export const namePattern = `${afterEscapes(word)}${tail}`;

const wholeName = new RegExp(`${namePattern}$`, 'i');

/** Part of every such name: without any of these there is none, and looking for them costs half of looking for a name. */
const part =
  /pass|pwd|[_-]p[sw]|salt(?![a-z])|(?<![a-z])p[sw][wk]?(?![a-z])|p[wsa][tk](?![a-z])|pw(?![a-z])|psw|creds|masterauth|phpsess|aspsess|jsess|connect\.sid|saml|[?&]session|mnemonic|crumb|honeycomb|token|secret|key|credential|_auth|signature|authorization|cookie|device[_-]?code|verifier|phrase|recovery|backup|kennw|contras|senha|wachtw|salasana|heslo|parola|senord|has[lł]o|пароль|密[码碼]|パスワード|비밀번호/i;

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
