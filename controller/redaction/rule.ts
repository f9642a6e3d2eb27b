/**
 * One kind of secret that is known by its form, as data: a kept rule set of others becomes a list of these.
 * To stay linear a pattern begins at a word's start and runs over character classes without overlap.
 */
export interface FormRule {
  /** What stands in the secret's place: `[redacted:<kind>]`. */
  readonly kind: string;
  /** The pattern can only match a text that holds one of these; without any it is always tried. */
  readonly literals: readonly string[];
  /** Source of a regular expression; a group named `secret` narrows what is replaced. */
  readonly pattern: string;
  readonly ignoreCase?: boolean;
}

/** A rule ready to be applied. */
export type Redactor = (text: string) => string;

/** What stands in the place of a secret. */
export function marker(kind: string): string {
  return `[redacted:${kind}]`;
}

/** @throws SyntaxError when the pattern is no regular expression. */
export function redactorOf(rule: FormRule): Redactor {
  const pattern = new RegExp(rule.pattern, rule.ignoreCase === true ? 'gdi' : 'gd');
  return (text) =>
    rule.literals.length === 0 || rule.literals.some((word) => text.includes(word))
      ? replaceAll(text, pattern, marker(rule.kind))
      : text;
}

function replaceAll(text: string, pattern: RegExp, by: string): string {
  const parts: string[] = [];
  let kept = 0;
  for (const match of text.matchAll(pattern)) {
    const [start, end] = match.indices?.groups?.['secret'] ?? [match.index, match.index + match[0].length];
    parts.push(text.slice(kept, start), by);
    kept = end;
  }
  return kept === 0 ? text : parts.join('') + text.slice(kept);
}
