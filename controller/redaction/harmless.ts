import type { NameKind } from './secret-names.ts';

/** Words that stand where a secret would and are none: JSON's and YAML's own, types, and what hides a secret already. */
const words = new Set(
  'true false null none nil undefined empty yes no string str number int bool boolean bytes any unknown object required optional redacted hidden masked required invalid incorrect wrong expired missing failed denied authentication mismatch must should cannot eof eol same-origin identifier expression'.split(
    ' ',
  ),
);

/** References to where a secret is kept, and placeholders. */
const references = [
  // What is within brackets has names of its own.
  /^[[{(\]})]+$/,
  /^\{[A-Za-z][\w-]{0,40}:$/,
  /^\$\{[^{}]*\}$/,
  /^\$\([^()]*\)$/,
  /^\$[A-Z_][A-Z0-9_]*$/,
  /^\$?\{\{[^{}]*\}\}$/,
  /^[#$%]?\{[\w .-]*\}$/,
  /^%(?:\(\w{0,60}\))?[a-z]$/,
  /^%[A-Z_]{1,60}%$/,
  /^(?:\$\d{1,2}|\?|:\w{1,60}|@(?:p|param|[A-Za-z_]{0,40}(?:pass|pw|secret|token|key|hash|value))[A-Za-z_]{0,20})$/i,
  /^!(?:Ref|Sub|GetAtt|vault|secret|reference)\b/,
  /^(?:op|vault|ssm|awssm|gcpsm|azurekv|ref\+\w{1,20}|file):/,
  /^projects\/[\w-]{1,60}\/secrets\//,
  /^ENC\[[A-Z0-9_]{1,20},/,
  // Where a file with it lies.
  /^(?:~|\.{1,2})?\/[\w./-]{1,200}\.(?:pem|key|crt|cert|json|ya?ml|env|txt|pub|p12|jks|conf)$/,
  /^\/(?:etc|var|run|usr|opt|home|tmp|mnt|secrets|app|root)\/[\w./-]{1,200}$/,
  /^<[^<>]*>$/,
  /^\([a-z ]{1,40}\)$/,
  // Words to be replaced by whoever copies the text.
  /^[<[]?(?:your|my|insert|enter|replace)[_ -][\w -]{1,60}[>\]]?$/i,
  // What a program calls, up to its arguments or with them.
  /^(?:await |new )?[A-Za-z_][\w.:]{0,80}\((?:[\w., ]{0,80}\))?$/,
  /^(?:process\.env|import\.meta\.env|os\.environ|os\.getenv|env|secrets|vars|config|settings|opts|options|args|this|self|props|req|request|params)[.[(]/,
  /^arn:aws/,
  /^\[?(?:redacted|filtered|hidden|masked|secret|removed|sensitive|protected|sanitized|omitted|censored|obfuscated)\]?$/i,
  // A header whose credentials are gone already.
  /^\w{1,20} \[redacted:[\w-]+\]$/,
  /^(?:\*+|x{3,}|\.{3,}|-+|\|-?|>-?)$/i,
];

/** The same inside of something else, where only what is no password at all may be told. */
export const placeholders = [
  /^\$\{[^{}]*\}$/,
  /^\$[A-Z_][A-Z0-9_]*$/,
  /^\$?\{\{[^{}]*\}\}$/,
  /^\{\w{0,40}\}$/,
  /^\$\([^()]*\)$/,
  /^%[sdvq]$/,
  /^%[A-Z_]{1,60}%$/,
  /^<[^<>]*>$/,
  /^(?:\*{1,}|x{3,}|\.{3,}|\u2026)$/i,
  /^\[[\w:-]{1,40}\]$/,
];

/** A value that may be shown although its name promises a secret; of a variable of the environment (`isVariable`) no other word is. */
export function isHarmless(value: string, kind: NameKind, isVariable = false): boolean {
  const bare = withoutScheme(value.trim(), kind);
  if (bare === '' || bare.startsWith('[redacted:') || words.has(bare.toLowerCase().replace(/[)\]},;:?!|]{1,4}$/, '')))
    return true;
  if (references.some((reference) => reference.test(bare))) return true;
  // Said of cookies: one has a name and a value.
  if (kind === 'cookie' && /^[a-z]{1,12}(?: [a-z]{1,12}){1,8}[.!]?$/.test(bare)) return true;
  // "token: expired", "secrets: 3": a short word or a number is a secret only where a person chose it.
  if (kind === 'password') return false;
  return (!isVariable && /^[A-Z]?[a-z]{1,11}[.!?]?$/.test(bare)) || /^[\d.,/:%]{1,20}$/.test(bare);
}

/** `Bearer <token>` holds as little as `<token>` does. */
function withoutScheme(value: string, kind: NameKind): string {
  if (kind !== 'authorization') return value;
  return (
    /^[\w-]{2,24}[ \t]{1,4}(?<held>\$\{[^{}]*\}|\$\w+|<[^<>]*>|\{\{[^{}]*\}\}|\{\w*\}|%s|\*+)(?=\s|$)/.exec(value)
      ?.groups?.['held'] ?? value
  );
}

/** What stands in a URL, a statement or a command for a password: a reference, or what hides one. */
export function isPlaceholder(value: string): boolean {
  return placeholders.some((one) => one.test(value));
}

/** Words put together as the names of Kubernetes' objects are, in a namespace or without: `prod/orders-db`. */
export function isNameOfObject(value: string): boolean {
  return /^(?:[a-z]{1,30}\/)?(?:[a-z]{2,20}[-.]){1,6}[a-z]{2,20}$/.test(value);
}

/** A name in the place of its own value: `password=password`, `this.apiKey = apiKey`. */
export function repeatsName(value: string, name: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return value.length < 60 && plain(name) !== '' && plain(name) === plain(value);
}
