import { examine } from '../../../controller/reasoning/examine.ts';
import { bundleOf } from './as-bundle.ts';
import type { DataSet, Metrics, Target } from './read.ts';

export interface Ranked {
  readonly node: string;
  /** Higher is likelier; in whatever measure the method has. */
  readonly share: number;
}

/** What a method may see of a case: neither its label nor the other cases. */
export interface Sight {
  readonly calls: DataSet['calls'];
  readonly normal: Metrics;
  readonly window: Metrics;
  readonly target: Target;
}

/** Ranks the nodes that may be the cause, the likeliest first; nothing where nothing seems wrong. */
export type Method = (sight: Sight) => readonly Ranked[];

/** The reasoner's own ranking, of a sweep that saw the same: the units it would suspect by what their series tell. */
export const causal: Method = (sight) => {
  const knowledge = { skills: new Map<never, never>(), actions: new Map<never, never>() };
  const { ranked } = examine(bundleOf(sight), { failed: [], kept: [], history: [] }, knowledge);
  return ranked.filter(({ unseen }) => !unseen).map(({ unit, share }) => ({ node: unit, share }));
};

/** Is the node among the first k? Within a tie by the expected value over its orders. */
export function hitAt(k: number, node: string, ranked: readonly Ranked[]): number {
  const own = ranked.find((one) => one.node === node);
  if (own === undefined) return 0;
  const above = ranked.filter(({ share }) => share > own.share).length;
  const tied = ranked.filter(({ share }) => share === own.share).length;
  return Math.min(1, Math.max(0, (k - above) / tied));
}
