import type { FormRule } from './rule.ts';

/** What people call a secret in a sentence, in some languages. */
export const nouns = [
  String.raw`(?:client|shared|signing|app(?:lication)?|user|root|admin|db|database)?[ _-]?(?:password|passwort|passwd|passphrase|pass[ -]?code|kennwort|secret|token|credential|pin)`,
  '(?:api|access|secret|license|account|private|encryption|signing)[ _-]?key',
  String.raw`(?<![\w])(?:pw|pwd|mot de passe|contraseña|senha|wachtwoord)`,
].join('|');
export const verbs = String.raw`(?:is|was|are|now|to|as|with|equals|be|becomes|lautet|ist|war|auf|est|es|era|è|é)`;
/** What passwords are hashed, encoded and sent with. */
const algorithm = String.raw`(?:(?:scram|hmac|plain)-)?(?:sha-?\d{1,3}|md[45]|argon2(?:id|i|d)?|pbkdf2|[hrep]s(?:256|384|512)|aes-?\d{3}|base-?\d\d|utf-?8|x-?509|oauth2|ed25519)(?![\da-z])`;
/** Letters and figures, or signs within: no word of the language, no number, time, version, path or address. */
export const value = String.raw`(?<secret>(?!\[redacted:|(?:[a-z]{1,30}\d{0,3}-){1,8}(?:[a-z]{1,30}\d{0,3}|[bcdfghjklmnpqrstvwxz2456789]{5,10})(?![\w-])|${algorithm}|\d{4}-\d\d-\d\d|v?\d{1,4}[.:]\d|https?:|[\w.-]{1,60}/|/|<|\$|\{)(?=[^\s"'${'`'}\\,;()<>]{0,200}[A-Za-z])(?=[^\s"'${'`'}\\,;()<>]{0,200}\d)[^\s"'${'`'}\\,;()<>]{6,200}[^\s"'${'`'}\\,;:.!?()<>])(?![\w(])`;
const open = String.raw`[ \t]{1,4}(?:\\{0,8}["'${'`'}])?`;

/** One of these is in each of them. */
export const nounLiterals =
  'passw passphrase passcode pass-code kennwort secret token credential _key -key key pw pwd passe contrase senha wachtwoord'.split(
    ' ',
  );

/** Secrets that a sentence tells: "the new password is ...", "using token ...". */
export const proseRules: readonly FormRule[] = [
  {
    kind: 'password',
    literals: nounLiterals,
    ignoreCase: true,
    pattern: String.raw`(?<![A-Za-z])(?:${nouns})(?:[ \t](?!${verbs}[ \t])[\w@.'-]{1,30}){0,4}[ \t]{0,2}(?<![A-Za-z])(?:${verbs}[ \t]{0,2}:?){1,2}${open}${value}`,
  },
  {
    kind: 'token',
    literals: nounLiterals,
    ignoreCase: true,
    pattern: String.raw`(?<![A-Za-z])(?:(?:using|use|uses|used|with|try|tried|send|sent|enter|entered|mit|avec|con)[ \t](?:(?:the|a|an|this|new|old|dem|le|la|el)[ \t]){0,2}(?:${nouns})|(?:and|und|et|y)[ \t](?:passwor[dt]|passphrase|kennwort|mot de passe|contraseña))${open}${value}`,
  },
  {
    // "and password x", "Incorrect API key provided: x".
    kind: 'password',
    literals: nounLiterals,
    ignoreCase: true,
    random: true,
    pattern: String.raw`(?<![\w-])(?:${nouns})(?:(?:[ \t](?!checksum|digest|hash|sha|version|id\b|revision)[\w.'()-]{1,30}){1,5}[ \t]{0,2}:)?${open}${value}`,
  },
  {
    // What a line announces stands alone on the next one.
    kind: 'password',
    literals: nounLiterals,
    ignoreCase: true,
    random: true,
    pattern: String.raw`(?<![\w-])(?:${nouns})(?:[ \t(][^\n:\\]{0,100})?:[ \t]{0,4}(?:\r?\n|(?:\\{1,16}r)?\\{1,16}n)(?:[ \t\r\n]|\\{1,16}[nr]){0,16}${value}(?=\s*(?:$|\n)|\\{0,16}["\\])`,
  },
];
