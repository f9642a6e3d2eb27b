import { round } from '../statistics.ts';
import type { Told } from './finding.ts';
import type { Growth } from './growth-findings.ts';

/** Fewer lookups than that tell nothing of a ratio. */
const fewest = 5;
/** A usual ratio rests on so many at least. */
const fewestBefore = 100;
/** Beyond so many standard deviations of a binomial count a lack of hits is no chance. */
const beyondChance = 3;

/**
 * Lookups find much less than they did over the life of the server: what stands behind the cache has the load now. Since when is not
 * told by counters; `since` is when it was looked.
 */
export function hitRatio({ before, after, seconds }: Growth, minPercentOfUsual: number): Told | undefined {
  const ever = before.hits + before.misses;
  const lookups = after.hits + after.misses - ever;
  if (ever < fewestBefore || lookups < fewest) return undefined;
  const usual = before.hits / ever;
  const hits = after.hits - before.hits;
  const missing = usual * lookups - hits;
  const limit = (usual * minPercentOfUsual) / 100;
  const byChance = missing < beyondChance * Math.sqrt(lookups * usual * (1 - usual));
  if (hits / lookups >= limit || byChance) return undefined;
  const percent = (share: number): number => round(share * 100, 1);
  return {
    reason: 'HitRatioLow',
    severity: 'Warning',
    summary: `${percent(hits / lookups)} % of ${lookups} lookups within ${round(seconds, 1)} s found their key; ${percent(usual)} % did since the server started or was reset`,
    since: before.at,
    value: percent(hits / lookups),
    threshold: percent(limit),
    unit: '%',
    source: 'info stats, read twice',
    facts: {
      hits,
      misses: lookups - hits,
      usualPercent: percent(usual),
      evictedKeys: after.evictedKeys - before.evictedKeys,
    },
  };
}
