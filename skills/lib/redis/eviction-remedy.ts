import { isDefined, numberOf, textOf } from '../reading.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../../skill.ts';
import { round } from '../statistics.ts';
import { refusesWhenFull } from './eviction.ts';

/** From this share of keys with an expiry on, the server is used as a cache, whatever else lies in it. */
const mostlyExpiring = 0.5;

/**
 * The server is full and refuses writes instead of making room. Which keys may be thrown away is told by their expiry; where they have
 * none, by the map alone: what is no cache must not lose data for the sake of a write.
 * @param skill whose action it is, `<skill>.set-maxmemory-policy`
 */
export function evictWhenFull(skill: string): Remedy {
  const action = `${skill}.set-maxmemory-policy`;
  return {
    id: `${skill}.evict-when-full`,
    forKinds: ['redis.WritesRefused', 'redis.MemoryNearMax'],
    cause: `${skill}.NoEvictionWhenFull`,
    propose: (context) => (isFullAndRefuses(context) ? fixesFor(context, action) : []),
  };
}

/** Near its bound is not at it yet: only refusals, or a bound that is reached, are worth losing keys for. */
function isFullAndRefuses({ findings }: RemedyContext): boolean {
  return findings.some(
    ({ kind, severity, facts }) =>
      ['redis.WritesRefused', 'redis.MemoryNearMax'].includes(kind) &&
      severity === 'Critical' &&
      refusesWhenFull(textOf(facts?.['policy']) ?? '', numberOf(facts?.['expiringKeys']) ?? 1),
  );
}

function fixesFor({ node, findings }: RemedyContext, action: string): readonly ProposedFix[] {
  const share = findings.map(expiringShare).find(isDefined) ?? 0;
  const percent = round(share * 100, 0);
  const expiring: ProposedFix = {
    action,
    parameters: { policy: 'volatile-lru' },
    rationale: `the server is full and refuses writes; ${percent} % of its keys expire anyway: let it throw the least used of those away`,
    fitness: 0.75,
  };
  const any: ProposedFix = {
    action,
    parameters: { policy: 'allkeys-lru' },
    rationale:
      'the server is full and refuses writes, and all of its keys can be had again: let it throw the least used away',
    fitness: 0.7,
  };
  return [...(share >= mostlyExpiring ? [expiring] : []), ...(node.with['disposable'] === true ? [any] : [])];
}

function expiringShare({ kind, facts }: RemedyContext['findings'][number]): number | undefined {
  const keys = numberOf(facts?.['keys']);
  const expiring = numberOf(facts?.['expiringKeys']);
  if (kind !== 'redis.MemoryNearMax' || keys === undefined || expiring === undefined) return undefined;
  return keys === 0 ? 0 : expiring / keys;
}
