import { examine } from '../../../controller/reasoning/examine.ts';
import { weightOf } from '../../../controller/reasoning/series/departures.ts';
import type { Ranked } from '../ranked.ts';
import { bundleOf } from './as-bundle.ts';
import type { RcaCase } from './read.ts';

export interface Ranking {
  readonly services: readonly Ranked[];
  /** `<service>_<metric>` each. */
  readonly metrics: readonly Ranked[];
}

/** What is no suspect comes after all that are, by how far it went. */
const unsuspected = 1e-9;

/**
 * The reasoner's own ranking of what a sweep would have seen, the likeliest first; and what each service's metrics departed from, by
 * that and by how likely the service is.
 */
export function rankOf(one: Pick<RcaCase, 'services' | 'since'>): Ranking {
  const nothing = one.services.size === 0 || Number.isNaN(one.since);
  if (nothing) return { services: [], metrics: [] };
  const knowledge = { skills: new Map<never, never>(), actions: new Map<never, never>() };
  const { ranked, departures } = examine(bundleOf(one), { failed: [], kept: [], history: [] }, knowledge);
  const shares = new Map(ranked.map(({ unit, share }) => [unit, share]));
  const furthest = (service: string): number => Math.max(0, ...(departures.get(service) ?? []).map(weightOf));
  const shareOf = (service: string): number => shares.get(service) ?? unsuspected * furthest(service);
  const services = [...one.services.keys()].map((node) => ({ node, share: shareOf(node) }));
  const metrics = [...one.services.keys()].flatMap((service) =>
    (departures.get(service) ?? []).map((departure) => ({
      node: `${service}_${departure.name}`,
      share: shareOf(service) * weightOf(departure),
    })),
  );
  return { services: services.toSorted(byShare), metrics: metrics.toSorted(byShare) };
}

function byShare(a: Ranked, b: Ranked): number {
  return b.share - a.share;
}
