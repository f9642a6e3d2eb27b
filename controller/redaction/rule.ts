import { entropyOf } from './entropy.ts';
import { looksRandom } from './random-values.ts';
import { KeywordWindows, type Window } from './keyword-windows.ts';
import { joined, type Finder, type Secret } from './secret.ts';

/** One kind of secret that is known by its form or by where it stands, as data. */
export interface FormRule {
  /** What stands in the secret's place: `[redacted:<kind>]`. */
  readonly kind: string;
  /** The pattern can only match near one of these, in whatever case. */
  readonly literals: readonly string[];
  /** Source of a regular expression; a group named `secret` narrows what is replaced. */
  readonly pattern: string;
  readonly ignoreCase?: boolean;
  /** What the secret has to have more of, in bits a character: less is a placeholder. */
  readonly entropy?: number;
  /** Names of other things begin so as well: only what looks made by chance behind is one. */
  readonly random?: true;
  /** Secrets that are none: examples of the documentation. */
  readonly allowed?: readonly RegExp[];
}

/**
 * Finds what the rules tell, each tried around its literals only: most texts hold hardly any of them. Where two rules tell of the same
 * place the one that comes first names it.
 * @throws SyntaxError when a pattern is no regular expression.
 */
export function rulesFinder(rules: readonly FormRule[]): Finder {
  const windows = new KeywordWindows(rules.map(({ literals }) => literals.map((literal) => literal.toLowerCase())));
  const finders = rules.map(ruleFinder);
  return (text) => {
    const near = windows.in(text);
    if (near.size === 0) return [];
    const stretches = [...near].toSorted(([one], [other]) => one - other);
    const found = stretches.flatMap(([rule, own]) => finders[rule]?.(text, own) ?? []);
    return found.length === 0 ? found : joined(found);
  };
}

function ruleFinder(rule: FormRule): (text: string, windows: readonly Window[]) => readonly Secret[] {
  const pattern = new RegExp(afterEscapes(rule.pattern), rule.ignoreCase === true ? 'gdi' : 'gd');
  return (text, windows) => {
    const secrets: Secret[] = [];
    let seen = 0;
    for (const [start, end] of windows) {
      if (end <= seen) continue;
      const from = Math.max(start, seen);
      const { matches, until } = matchesIn(text, pattern, from, end);
      for (const match of matches) secrets.push(secretIn(match, from, rule.kind));
      seen = until === end ? seen : until;
    }
    return secrets.map((secret) => withRest(text, secret)).filter((secret) => isSecret(text, secret, rule));
  };
}

const more =
  /(?:\w|[+/](?=[a-z/]{0,40}[\dA-Z+])(?=[\w+/]{20})|(?:%2[bf]|%3d|\\{1,16}u00(?:2[bdef]|3d|5f|7e))[\w-]?){1,4096}/iy;

/** To the end of the word that a form ends within; its signs may be encoded. */
function withRest(text: string, { start, end, kind }: Secret): Secret {
  if (!/\w/.test(text.charAt(end - 1))) return { start, end, kind };
  more.lastIndex = end;
  return { start, end: end + (more.exec(text)?.[0].length ?? 0), kind };
}

/** What runs up to the window's end may go on behind it: then more is looked at. */
function matchesIn(text: string, pattern: RegExp, from: number, end: number) {
  let until = end;
  const near = text.slice(from, until);
  // Nearly all windows hold none, and looking for one costs less than for all.
  if (near.search(pattern) === -1) return { matches: [], until };
  let matches = [...near.matchAll(pattern)];
  while (until < text.length && endOf(matches.at(-1)) >= until - from) {
    until = Math.min(text.length, from + 4 * (until - from));
    matches = [...text.slice(from, until).matchAll(pattern)];
  }
  return { matches, until };
}

function endOf(match: RegExpExecArray | undefined): number {
  return match === undefined ? -1 : match.index + match[0].length;
}

const shortestGroup = 8;

function secretIn(match: RegExpExecArray, offset: number, kind: string): Secret {
  const own = match.indices?.groups?.['secret'] ?? (match.indices ?? []).slice(1).find((range) => range !== undefined);
  // A group that is a part of the form, such as one that repeats, tells no secret.
  const isWhole = own === undefined || (match.groups?.['secret'] === undefined && own[1] - own[0] < shortestGroup);
  const [start, end] = isWhole ? [match.index, endOf(match)] : own;
  return { start: offset + start, end: offset + end, kind };
}

function isSecret(text: string, { start, end }: Secret, { entropy = 0, allowed = [], random }: FormRule): boolean {
  const said = text.slice(start, end);
  if (said.includes('[redacted:') || (random === true && !looksRandom(said) && !/[0-9a-f]{24}/i.test(said)))
    return false;
  return (entropy === 0 || entropyOf(said) >= entropy) && !allowed.some((one) => one.test(said));
}

/**
 * The source of a pattern for which the letter of an escape such as `\n` is no part of the word behind it, in texts that are escaped: what
 * may not stand behind a letter may stand there.
 */
export function afterEscapes(source: string): string {
  return source.replaceAll(
    /(?<!\()\(\?<!\[(?:A-Za-z|[^\]]{0,8}\\w)[^\]]{0,12}\]\)/g,
    String.raw`(?:$&|(?<=\\[nrtbf]))`,
  );
}

/** A literal as the source of a regular expression. */
export function escaped(literal: string): string {
  return literal.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
