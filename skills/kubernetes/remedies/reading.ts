import type { Finding } from '../../../controller/evidence/finding.ts';
import type { ContainerDifference } from '../../lib/container-difference.ts';
import { listOf, numberOf, objectOf, textOf, textsOf } from '../../lib/reading.ts';
import type { RemedyContext } from '../../skill.ts';

/** A change of the template as the probe told it. */
export interface RevisionChange {
  readonly at: string;
  readonly replicaSet: string;
  readonly revision: number;
  readonly previousReplicaSet: string;
  readonly previousRevision: number;
  readonly differences: readonly ContainerDifference[];
  /** Paths of what else differs. */
  readonly others: readonly string[];
}

export function kinds(...reasons: readonly string[]): readonly string[] {
  return reasons.map((reason) => `kubernetes.${reason}`);
}

export function findingsOf(context: RemedyContext, ...reasons: readonly string[]): readonly Finding[] {
  const wanted = new Set(kinds(...reasons));
  return context.findings.filter(({ kind }) => wanted.has(kind));
}

/** What made the revision that is wanted now, unless a session did. */
export function newestChange(context: RemedyContext): RevisionChange | undefined {
  const read = context.changes.map(({ at, facts }) => ({ at, facts: objectOf(facts) }));
  const own = read.filter(({ facts }) => textOf(facts['previousReplicaSet']) !== undefined);
  const [newest] = own.toSorted((a, b) => (numberOf(b.facts['revision']) ?? 0) - (numberOf(a.facts['revision']) ?? 0));
  if (newest === undefined || newest.facts['byThreehops'] === true) return undefined;
  return {
    at: newest.at,
    replicaSet: textOf(newest.facts['replicaSet']) ?? '',
    revision: numberOf(newest.facts['revision']) ?? 0,
    previousReplicaSet: textOf(newest.facts['previousReplicaSet']) ?? '',
    previousRevision: numberOf(newest.facts['previousRevision']) ?? 0,
    differences: listOf(newest.facts['differences']) as unknown as readonly ContainerDifference[],
    others: textsOf(newest.facts['others']),
  };
}

/** Keeps a fitness within what a remedy may claim. */
export function fitness(value: number): number {
  return Math.round(Math.min(0.95, Math.max(0.05, value)) * 100) / 100;
}
