import type { Past } from '../../reasoning/recall/past.ts';
import { compare } from './tally.ts';

/** How one idea of a fix has fared, counted in sessions. */
export interface RemedyPattern {
  readonly namespace: string;
  /** Its signature, with `*` for commits and digests: the same was done to another commit. */
  readonly remedy: string;
  readonly action: string;
  readonly tried: number;
  /** The session was Fixed with it, whether or not that lasted. */
  readonly worked: number;
  /** Of those that worked: the same cause was found again soon after. */
  readonly cameBack: number;
  readonly failed: number;
  readonly last: string;
}

/** A session, and whether its cause was found again soon after it had ended. */
export interface Told {
  readonly namespace: string;
  readonly past: Past;
  readonly again: boolean;
}

/** What failed and did not last the most comes first. */
export function remediesOf(told: readonly Told[]): readonly RemedyPattern[] {
  const found = new Map<string, RemedyPattern>();
  for (const one of told) {
    for (const [remedy, signatures] of Map.groupBy([...one.past.worked, ...one.past.failed], masked)) {
      const key = `${one.namespace} ${remedy}`;
      found.set(key, withSession(found.get(key) ?? blank(one.namespace, remedy), one, signatures));
    }
  }
  return [...found.values()].toSorted(
    (a, b) => inVain(b) - inVain(a) || b.tried - a.tried || compare(keyOf(a), keyOf(b)),
  );
}

function masked(signature: string): string {
  return signature.replaceAll(/[0-9a-f]{12,}/g, '*');
}

function withSession(known: RemedyPattern, { past, again }: Told, signatures: readonly string[]): RemedyPattern {
  const count = (list: readonly string[]): number => Number(signatures.some((signature) => list.includes(signature)));
  return {
    ...known,
    tried: known.tried + 1,
    worked: known.worked + count(past.worked),
    cameBack: known.cameBack + (again ? count(past.cures) : 0),
    failed: known.failed + count(past.failed),
    last: known.last > past.endedAt ? known.last : past.endedAt,
  };
}

function keyOf({ remedy, namespace }: RemedyPattern): string {
  return `${remedy} ${namespace}`;
}

function blank(namespace: string, remedy: string): RemedyPattern {
  const action = remedy.split(' ', 1)[0] ?? '';
  return { namespace, remedy, action, tried: 0, worked: 0, cameBack: 0, failed: 0, last: '' };
}

function inVain({ failed, cameBack }: RemedyPattern): number {
  return failed + cameBack;
}
