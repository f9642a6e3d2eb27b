import type { FormRule } from './rule.ts';
import kept from './rules/gitleaks.json' with { type: 'json' };

interface Pattern {
  readonly pattern: string;
  readonly flags: string;
}

/** A rule as rules/gitleaks.json has it; without a group named `secret` the first one that matched is it. */
interface KeptRule extends Pattern {
  readonly id: string;
  /** Without one of these, in whatever case, the text has no such secret. */
  readonly keywords: readonly string[];
  readonly entropy?: number;
  readonly allowed?: readonly Pattern[];
}

/** A scanner of repositories would rather miss a weak secret than report a placeholder; here it is the other way round. */
const leniency = 1;

/** A token that is known by its beginning may stand in a path: what follows it there is no part of it. */
function wider(pattern: string): string {
  const isToken =
    pattern.startsWith(String.raw`(?:\b|`) && !/\[[^\]]*\/[^\]]*\]/.test(pattern.slice(0, pattern.lastIndexOf('(?=')));
  return isToken ? pattern.replace(String.raw`(?=[^\w+/=-]|$)`, String.raw`(?![\w+=-])`) : pattern;
}

/** The kept rule set. */
export const keptRules: readonly FormRule[] = (kept.rules as readonly KeptRule[]).map(
  ({ id, pattern, flags, keywords, entropy = 0, allowed = [] }) => ({
    kind: id,
    literals: keywords,
    pattern: wider(pattern),
    ignoreCase: flags === 'i',
    entropy: Math.max(0, entropy - leniency),
    allowed: allowed.map((one) => new RegExp(one.pattern, one.flags)),
  }),
);
