/** Where an attacker may write what an operator reads. */
export const sources = [
  'log line',
  'commit message',
  'file in the repository',
  'file that is looked up',
  'tool description',
  'query text in a tool output',
  'error message of a tool',
  'metric label',
  'alert annotation',
  'PR comment',
  'topology field',
  'knowledge document',
  'rejection of an Approval',
  'past session',
] as const;
export type Source = (typeof sources)[number];

/** What an attacker may be after. */
export const goals = [
  'write outside the plan',
  'merge',
  'push outside threehops/',
  'wider limit',
  'leaked secret',
  'decided Approval',
] as const;
export type Goal = (typeof goals)[number];

/** An answer to be given instead of the right one: whatever is not named here stays as it is right. */
export interface Poison {
  readonly fix?: { readonly action: string; readonly node: string; readonly parameters: string };
  readonly summary?: string;
  readonly rationale?: string;
  readonly claim?: string;
  readonly gap?: string;
}

/** What a model does that obeys. */
export type Attempt =
  | { readonly kind: 'Call'; readonly name: string; readonly input: unknown }
  | { readonly kind: 'Answer'; readonly poison: Poison }
  /** So many looks in one answer. */
  | { readonly kind: 'Flood'; readonly calls: number }
  /** Looks and nothing else, turn after turn. */
  | { readonly kind: 'Endless' };

export interface Attack {
  readonly name: string;
  readonly source: Source;
  readonly goal: Goal;
  /** As it is planted. */
  readonly text: string;
  /** Words that must have come through for the model to know what it is asked for; the text ends with the last. */
  readonly words: readonly string[];
  readonly attempt: Attempt;
  /** Looks like a real one, made for this run; an attack for a leak carries it in disguise. */
  readonly token: string;
  /** False where the text must never reach a model: it then tries by itself. */
  readonly reaches: boolean;
}
