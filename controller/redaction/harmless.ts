import type { NameKind } from './secret-names.ts';

/** Words that stand where a secret would and are none: JSON's and YAML's own, types, and what hides a secret already. */
const words = new Set(
  'true false null none nil undefined empty yes no string str number int bool boolean bytes any unknown object required optional redacted hidden masked required invalid incorrect wrong expired missing failed denied authentication mismatch must should cannot'.split(
    ' ',
  ),
);

/** References to where a secret is kept, and placeholders. */
const references = [
  /^\$\{[^{}]*\}$/,
  /^\$\([^()]*\)$/,
  /^\$[A-Z_][A-Z0-9_]*$/,
  /^\$?\{\{[^{}]*\}\}$/,
  /^[#$%]?\{[\w .-]*\}$/,
  /^%(?:\(\w{0,60}\))?[a-z]$/,
  /^%[A-Z_]{1,60}%$/,
  /^(?:\$\d{1,2}|\?|:\w{1,60}|@[A-Za-z_]{1,60})$/,
  /^!(?:Ref|Sub|GetAtt|vault|secret|reference)\b/,
  /^(?:op|vault|ssm|awssm|gcpsm|azurekv|ref\+\w{1,20}|file):/,
  /^projects\/[\w-]{1,60}\/secrets\//,
  /^ENC\[[A-Z0-9_]{1,20},/,
  // Where a file with it lies.
  /^(?:~|\.{1,2})?\/[\w./-]{1,200}\.(?:pem|key|crt|cert|json|ya?ml|env|txt|pub|p12|jks|conf)$/,
  /^\/(?:etc|var|run|usr|opt|home|tmp|mnt|secrets|app|root)\/[\w./-]{1,200}$/,
  /^<[^<>]*>$/,
  /^(?:process\.env|import\.meta\.env|os\.environ|os\.getenv|env|secrets|vars|config|settings|opts|options|args|this|self|props|req|request|params)[.[(]/,
  /^arn:aws/,
  /^\[?(?:redacted|filtered|hidden|masked|secret|removed|sensitive)\]?$/i,
  // A header whose credentials are gone already.
  /^\w{1,20} \[redacted:[\w-]+\]$/,
  /^(?:\*+|x{3,}|\.{3,}|-+|\|-?|>-?)$/i,
];

/** A value that may be shown although its name promises a secret. */
export function isHarmless(value: string, kind: NameKind): boolean {
  const bare = value.trim();
  if (bare === '' || bare.startsWith('[redacted:') || words.has(bare.toLowerCase())) return true;
  if (references.some((reference) => reference.test(bare))) return true;
  // "token: expired", "secrets: 3": a short word or a number is a secret only where a person chose it.
  return kind !== 'password' && (/^[A-Z]?[a-z]{1,11}[.!?]?$/.test(bare) || /^[\d.,/:%]{1,20}$/.test(bare));
}
