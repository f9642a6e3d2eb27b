import { inTurn, type Finder, type Secret } from './secret.ts';

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

/**
 * Finds what the rules tell, one after another. Nearly all texts hold no literal of any: one search for all of them together is most of
 * what this costs.
 * @throws SyntaxError when a pattern is no regular expression.
 */
export function formFinder(rules: readonly FormRule[]): Finder {
  const hint = new RegExp(rules.map(hintOf).join('|'));
  const find = inTurn(rules.map(ruleFinder));
  return (text) => (hint.test(text) ? find(text) : []);
}

function ruleFinder(rule: FormRule): Finder {
  const hint = new RegExp(hintOf(rule));
  const pattern = new RegExp(rule.pattern, rule.ignoreCase === true ? 'gdi' : 'gd');
  return (text) => (hint.test(text) ? Array.from(text.matchAll(pattern), (match) => secretIn(match, rule.kind)) : []);
}

function secretIn(match: RegExpExecArray, kind: string): Secret {
  const [start, end] = match.indices?.groups?.['secret'] ?? [match.index, match.index + match[0].length];
  return { start, end, kind };
}

function hintOf({ literals, ignoreCase }: FormRule): string {
  const any = literals.map(escaped).join('|');
  return ignoreCase === true ? `(?i:${any})` : any;
}

/** A literal as the source of a regular expression. */
export function escaped(literal: string): string {
  return literal.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
