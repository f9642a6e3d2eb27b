import type { Change, ChangeKind, Finding } from '../evidence/finding.ts';
import { secondsOf, type UnitEvidence } from './evidence.ts';
import type { Unit } from './graph.ts';
import type { Onset, Standing } from './standing.ts';

const strengths = { Critical: 1, Warning: 0.5, Info: 0 } as const;
/** What a caller sees of a unit may be the way between them. */
const viewShare = 0.8;
/** Findings are as exact as the polling behind them. */
const findingWithin = 60;

/** How ill the unit's findings make it, and since when: Info is context only. */
export function standingFrom(unit: Unit, evidence: UnitEvidence, known: number): Standing {
  const { strength, worst } = illness(unit, evidence.findings);
  const onset = onsetOf(worst);
  const trigger = triggerOf(evidence.changes, onset)?.closeness ?? 0;
  return {
    strength,
    trigger,
    local: strength === 0 ? 0 : 1 - (1 - known) * (1 - triggerShare * trigger),
    seen: evidence.seen.length > 0 && (strength > 0 || evidence.unseen.length === 0),
    ...(onset === undefined ? {} : { onset }),
  };
}

/** A change just before the onset speaks for an origin here, by itself about as much as a coin. */
const triggerShare = 0.5;

function illness(
  unit: Unit,
  findings: readonly Finding[],
): { readonly strength: number; readonly worst: readonly Finding[] } {
  const weighed = findings.map((finding) => ({
    finding,
    strength: strengths[finding.severity] * (unit.views.includes(finding.node) ? viewShare : 1),
  }));
  const strength = Math.max(0, ...weighed.map((one) => one.strength));
  return {
    strength,
    worst: strength === 0 ? [] : weighed.filter((one) => one.strength === strength).map(({ finding }) => finding),
  };
}

/** The begin of the worst that is seen; undefined where no source tells. */
export function onsetOf(findings: readonly Finding[]): Onset | undefined {
  const begins = findings.flatMap(({ since }) => secondsOf(since) ?? []);
  return begins.length === 0 ? undefined : { at: Math.min(...begins), within: findingWithin };
}

export interface Trigger {
  readonly change: Change;
  /** 1 for just before the onset, falling by half in ten minutes. */
  readonly closeness: number;
}

/** A commit harms nothing before it is deployed. */
const weights: Readonly<Record<ChangeKind, number>> = { Deploy: 1, Configuration: 1, Schema: 1, Commit: 0.25 };
const halfLifeSeconds = 600;

/** The change that fits best as what set it off; an act of a session itself is none. */
export function triggerOf(changes: readonly Change[], onset: Onset | undefined): Trigger | undefined {
  if (onset === undefined) return undefined;
  let best: Trigger | undefined;
  for (const change of changes) {
    const at = secondsOf(change.at);
    if (at === undefined || at > onset.at + onset.within || change.facts?.['byThreehops'] === true) continue;
    const closeness = weights[change.kind] / (1 + Math.max(0, onset.at - at) / halfLifeSeconds);
    if (closeness > (best?.closeness ?? 0)) best = { change, closeness };
  }
  return best;
}
