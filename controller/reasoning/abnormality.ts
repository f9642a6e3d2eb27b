import type { EvidenceBundle } from '../evidence/bundle.ts';
import type { Change, ChangeKind, Finding } from '../evidence/finding.ts';
import { secondsOf, type UnitEvidence } from './evidence.ts';
import type { Unit } from './graph.ts';
import type { Onset, Standing } from './standing.ts';

const strengths = { Critical: 1, Warning: 0.5, Info: 0 } as const;
/** What a caller sees of a unit may be the way between them. */
const viewShare = 0.8;
/** Findings are as exact as the polling behind them. */
const findingWithin = 60;

/** What the unit's own remedies know of it, in [0, 1]. */
export interface Known {
  /** A cause of what it shows. */
  readonly cause: number;
  /** That it is what makes something ill that it uses. */
  readonly blame: number;
}

/**
 * How ill the unit's findings make it, and since when: Info is context only. One that is to blame for what ails another is not well,
 * whatever its own nodes show: who exhausts what others share may be served himself.
 */
export function standingFrom(unit: Unit, evidence: UnitEvidence, known: Known, swept: number): Standing {
  const { strength: shown, worst } = illness(unit, evidence.findings);
  const strength = Math.max(shown, known.blame);
  const onset = onsetOf(worst, swept);
  const trigger = strength === 0 ? 0 : (triggerOf(evidence.changes, onset, swept)?.closeness ?? 0);
  return {
    strength,
    trigger,
    local: strength === 0 ? 0 : 1 - (1 - known.cause) * (1 - changedShare * trigger),
    seen: evidence.seen.length > 0 && (strength > 0 || evidence.unseen.length === 0),
    ...(onset === undefined ? {} : { onset }),
  };
}

/** A change just before the onset speaks for an origin here, by itself about as much as a coin. */
export const changedShare = 0.5;

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

/** Findings dated this close to the sweep are dated by the looking itself. */
const lookingSeconds = 1;

/** The begin of the findings; undefined where no source tells: one that is dated by the sweep itself began at some time before. */
export function onsetOf(findings: readonly Finding[], swept: number): Onset | undefined {
  const begins = findings.flatMap(({ since }) => secondsOf(since) ?? []).filter((at) => at < swept - lookingSeconds);
  return begins.length === 0 ? undefined : { at: Math.min(...begins), within: findingWithin };
}

/** Clocks of different machines differ by so much. */
const skewSeconds = 2;
/** What is counted is counted in so many parts of the window: it may have begun one of them later than it is dated. */
const partsOfWindow = 12;

/** Whether it may be the doing of what happened then, in seconds since the epoch: it began no sooner, as far as its time is known. */
export function beganSince({ since }: Finding, at: number, { from, to }: EvidenceBundle['window']): boolean {
  const began = secondsOf(since);
  if (began === undefined) return true;
  const isCounted = Number.isInteger(began);
  const part = ((secondsOf(to) ?? 0) - (secondsOf(from) ?? 0)) / partsOfWindow;
  return began >= at - (isCounted ? Math.max(findingWithin, part) : skewSeconds);
}

export interface Trigger {
  readonly change: Change;
  /** 1 for just before the onset, falling by half in ten minutes. */
  readonly closeness: number;
}

/** A commit harms nothing before it is deployed. */
const weights: Readonly<Record<ChangeKind, number>> = { Deploy: 1, Configuration: 1, Schema: 1, Commit: 0.25 };
const halfLifeSeconds = 600;

/** Of a change before something that began nobody knows when. */
const undatedShare = 0.5;

/** The change that fits best as what set it off; an act of a session itself is none. */
export function triggerOf(changes: readonly Change[], onset: Onset | undefined, swept: number): Trigger | undefined {
  const { at: began, within } = onset ?? { at: swept, within: 0 };
  const share = onset === undefined ? undatedShare : 1;
  let best: Trigger | undefined;
  for (const change of changes) {
    const at = secondsOf(change.at);
    if (at === undefined || at > began + within || change.facts?.['byThreehops'] === true) continue;
    const closeness = (share * weights[change.kind]) / (1 + Math.max(0, began - at) / halfLifeSeconds);
    if (closeness > (best?.closeness ?? 0)) best = { change, closeness };
  }
  return best;
}
