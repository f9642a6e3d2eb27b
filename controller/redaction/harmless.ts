import type { NameKind } from './secret-names.ts';

/** Words that stand where a secret would and are none: JSON's and YAML's own, types, and what hides a secret already. */
const words = new Set(
  'true false null none nil undefined empty yes no string str number int bool boolean bytes any unknown object required optional redacted hidden masked'.split(
    ' ',
  ),
);

/** References to where a secret is kept, and placeholders. */
const references = [
  /^\$\{[^{}]*\}$/,
  /^\$\([^()]*\)$/,
  /^\$[A-Z_][A-Z0-9_]*$/,
  /^\{\{[^{}]*\}\}$/,
  /^<[^<>]*>$/,
  /^(?:process\.env|import\.meta\.env|os\.environ|os\.getenv|env|secrets|vars|config|settings|opts|options|args|this|self|props|req|request|params)[.[(]/,
  /^arn:aws/,
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
  return kind !== 'password' && (/^[A-Z]?[a-z]{1,11}[.!?]?$/.test(bare) || /^\d{1,9}$/.test(bare));
}
