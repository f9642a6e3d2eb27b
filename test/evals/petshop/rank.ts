import { examine } from '../../../controller/reasoning/examine.ts';
import type { Ranked } from '../ranked.ts';
import { bundleOf } from './as-bundle.ts';
import type { DataSet, Metrics, Target } from './read.ts';

/** What a method may see of a case: neither its label nor the other cases. */
export interface Sight {
  readonly calls: DataSet['calls'];
  readonly normal: Metrics;
  readonly window: Metrics;
  readonly target: Target;
}

/** Ranks the nodes that may be the cause, the likeliest first; nothing where nothing seems wrong. */
export type Method = (sight: Sight) => readonly Ranked[];

/** The reasoner's own ranking, of a sweep that saw the same: the units that it suspects, those that nobody measured among them. */
export const causal: Method = (sight) => {
  if (isEmpty(sight.window)) return [];
  const knowledge = { skills: new Map<never, never>(), actions: new Map<never, never>() };
  const { ranked } = examine(bundleOf(sight), { failed: [], kept: [], history: [] }, knowledge);
  return ranked.map(({ unit, share }) => ({ node: unit, share }));
};

function isEmpty(window: Metrics): boolean {
  return [...window.values()].every((metrics) => [...metrics.values()].every((points) => points.length === 0));
}
