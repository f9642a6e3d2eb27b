import { entropyOf } from './entropy.ts';
import { KeywordWindows, type Window } from './keyword-windows.ts';
import kept from './rules/gitleaks.json' with { type: 'json' };
import { joined, type Finder, type Secret } from './secret.ts';

interface Pattern {
  readonly pattern: string;
  readonly flags: string;
}

/** A rule as it is kept in rules/gitleaks.json. */
export interface KeptRule extends Pattern {
  readonly id: string;
  /** The group that is the secret; without it the first one that matched, or all. */
  readonly group?: number;
  /** Without one of these, in whatever case, the text has no such secret. */
  readonly keywords: readonly string[];
  /** What the secret has to have more of, in bits a character: less is a placeholder. */
  readonly entropy?: number;
  /** Secrets that are none: examples of the documentation. */
  readonly allowed?: readonly Pattern[];
}

export const keptRules: readonly KeptRule[] = kept.rules;

/** Finds what the rules tell; each is tried around its keywords only. @throws SyntaxError where a pattern is no regular expression. */
export function keptFinder(rules: readonly KeptRule[]): Finder {
  const windows = new KeywordWindows(rules.map(({ keywords }) => keywords));
  const finders = rules.map(ruleFinder);
  return (text) => {
    const found = [...windows.in(text)].flatMap(([rule, stretches]) =>
      stretches.flatMap((stretch) => finders[rule]?.(text, stretch) ?? []),
    );
    return found.length === 0 ? found : joined(found);
  };
}

/** A scanner of repositories would rather miss a weak secret than report a placeholder; here it is the other way round. */
const leniency = 1;

/** A match that begins right where a window does may only look like one: what stands before it is not seen. */
const context = 16;

function ruleFinder(rule: KeptRule): (text: string, window: Window) => readonly Secret[] {
  const pattern = new RegExp(rule.pattern, `${rule.flags}gd`);
  const allowed = (rule.allowed ?? []).map((one) => new RegExp(one.pattern, one.flags));
  return (text, [start, end]) => {
    const from = Math.max(0, start - context);
    const secrets: Secret[] = [];
    for (const match of text.slice(from, end).matchAll(pattern)) {
      const [first, last] = secretIn(match, rule.group);
      const said = match[0].slice(first - match.index, last - match.index);
      if (entropyOf(said) < (rule.entropy ?? 0) - leniency || said.includes('[redacted:')) continue;
      if (allowed.some((one) => one.test(said))) continue;
      secrets.push({ start: from + first, end: from + last, kind: rule.id });
    }
    return secrets;
  };
}

function secretIn(match: RegExpExecArray, group: number | undefined): readonly [number, number] {
  const indices = match.indices ?? [];
  const own = group === undefined ? indices.slice(1).find((range) => range !== undefined) : indices[group];
  return own ?? [match.index, match.index + match[0].length];
}
