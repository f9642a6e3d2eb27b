/**
 * What the rules are changed in, so that they fit texts of all kinds and not files of source code alone; each change is the same for all
 * rules and takes no text out of what a rule finds.
 */

/** Any number of word characters before the keyword finds the same secret at the cost of beginning at every word. */
const lead = String.raw`[\w.-]{0,50}?`;
const quotesBefore = String.raw`[\s'"]{0,3}`;
const quotesAfter = String.raw`[\x60'"\s=]{0,5}`;
const end = String.raw`(?:[\x60'"\s;]|\\[nr]|$)`;

/** A quote as it stands in JSON, and in JSON in JSON. */
const looseBefore = String.raw`(?:\\{0,8}['"]|\s){0,3}`;
const looseAfter = String.raw`(?:\\{0,8}[\x60'"]|[\s=]){0,5}`;
/** What may follow: also brackets, commas, tags and the next parameter of a query. */
const looseEnd = String.raw`(?=[^\w+/=-]|$)`;

/** @param group the one that is the secret where it is not the first: it gets the name `secret` */
export function adapted(source: string, group?: unknown): string {
  return (
    named(source, Number(group ?? 1))
      .replaceAll(lead, '')
      .replaceAll(quotesBefore, looseBefore)
      .replaceAll(quotesAfter, looseAfter)
      .replaceAll(end, looseEnd)
      .replaceAll(String.raw`(?:[\x60'"\s;]|\\[nr]|$|\b)`, '')
      .replaceAll(String.raw`(?:[^\w-]|(?![\s\S]))`, String.raw`(?![\w-])`)
      .replaceAll(String.raw`(?:[^a-zA-Z0-9+/]|(?![\s\S]))`, '(?![a-zA-Z0-9+/])')
      // In JSON-escaped text the letter of `\n` is not part of the word that follows.
      .replace(/^\\b(?=\()/, String.raw`(?:\b|(?<=\\[nrtbf]))`)
  );
}

function named(source: string, group: number): string {
  let seen = 0;
  return group === 1
    ? source
    : source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)/g, (piece) => {
        seen += piece === '(' ? 1 : 0;
        return piece === '(' && seen === group ? '(?<secret>' : piece;
      });
}

/** Rules that are not taken over, and what does their work. */
export const byHand: Readonly<Record<string, string>> = {
  'curl-auth-header': 'authorization headers and names of keys are found wherever they stand',
  'curl-auth-user': 'command lines of known programs (commands.ts)',
  'generic-api-key': 'values that look random beside a name that may tell a secret (random-values.ts)',
  'kubernetes-secret-yaml': 'all data of a Secret, in YAML and JSON (kubernetes-secrets.ts)',
  'private-key': 'keys that are whole or cut off (private-keys.ts)',
  'slack-webhook-url': 'the part of it that is secret (rules.ts)',
  'pkcs12-file': 'has no pattern, a path alone',
  'sourcegraph-access-token': 'its prefixed form (rules.ts); without the prefix it is any commit id',
  'hashicorp-tf-password': "values beside a password's name (assignments.ts)",
};
