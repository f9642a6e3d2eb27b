import type { EvidenceBundle } from '../../../controller/evidence/bundle.ts';
import { examine } from '../../../controller/reasoning/examine.ts';

export interface Ranked {
  readonly node: string;
  readonly share: number;
}

/** The reasoner's own ranking of a bundle, by what the series tell: the units it would suspect, the likeliest first. */
export function rankOf(bundle: EvidenceBundle): readonly Ranked[] {
  const knowledge = { skills: new Map<never, never>(), actions: new Map<never, never>() };
  const { ranked } = examine(bundle, { failed: [], kept: [], history: [] }, knowledge);
  return ranked.filter(({ unseen }) => !unseen).map(({ unit, share }) => ({ node: unit, share }));
}

/** Is the node among the first k? Within a tie by the expected value over its orders. */
export function hitAt(k: number, node: string, ranked: readonly Ranked[]): number {
  const own = ranked.find((one) => one.node === node);
  if (own === undefined) return 0;
  const above = ranked.filter(({ share }) => share > own.share).length;
  const tied = ranked.filter(({ share }) => share === own.share).length;
  return Math.min(1, Math.max(0, (k - above) / tied));
}
