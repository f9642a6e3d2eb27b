/**
 * One kind of secret that is known by its form, as data: a kept rule set of others becomes a list of these.
 * To stay linear a pattern begins at a word's start and runs over character classes without overlap.
 */
export interface FormRule {
  /** What stands in the secret's place: `[redacted:<kind>]`. */
  readonly kind: string;
  /** The pattern can only match a text that holds one of these, in the same case unless it ignores that. */
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

/**
 * Applies the rules one after another. Nearly all texts hold no literal of any: one search for all of them together is most of what
 * redaction costs.
 * @throws SyntaxError when a pattern is no regular expression.
 */
export function redactorOf(rules: readonly FormRule[]): Redactor {
  const hint = new RegExp(rules.map(hintOf).join('|'));
  const redactors = rules.map(ruleRedactor);
  return (text) => (hint.test(text) ? redactors.reduce((redacted, redactor) => redactor(redacted), text) : text);
}

function ruleRedactor(rule: FormRule): Redactor {
  const hint = new RegExp(hintOf(rule));
  const pattern = new RegExp(rule.pattern, rule.ignoreCase === true ? 'gdi' : 'gd');
  return (text) => (hint.test(text) ? replaceAll(text, pattern, marker(rule.kind)) : text);
}

function hintOf({ literals, ignoreCase }: FormRule): string {
  const any = literals.map(escaped).join('|');
  return ignoreCase === true ? `(?i:${any})` : any;
}

/** A literal as the source of a regular expression: its own letters, digits, dashes, underscores, dots and signs. */
export function escaped(literal: string): string {
  return literal.replaceAll('.', String.raw`\.`);
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
