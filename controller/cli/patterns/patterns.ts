import type { DebugSession } from '../../api/kinds.ts';
import { cameAgain, type Past } from '../../reasoning/recall/past.ts';
import { isMarkedWrong, pastOf } from '../../session/past.ts';
import { hasEnded } from '../../session/transition.ts';
import { gapsOf, lateIn } from './gaps.ts';
import { remediesOf, type RemedyPattern, type Told } from './remedies.ts';
import { Tally, type Count } from './tally.ts';

/** What sessions that have ended have in common. Everything is counted in sessions. */
export interface Patterns {
  readonly sessions: number;
  /** Those among them that a person marked wrong: they count for outcomes and gaps, not for causes and remedies. */
  readonly markedWrong: number;
  readonly outcomes: readonly (Count & { readonly outcome: string })[];
  readonly causes: readonly (Count & CausePattern)[];
  readonly remedies: readonly RemedyPattern[];
  readonly gaps: readonly (Count & { readonly namespace: string; readonly gap: string })[];
  /** Tools, and whole probes, that did not answer in time. */
  readonly timeouts: readonly (Count & { readonly tool: string })[];
}

interface CausePattern {
  readonly namespace: string;
  readonly node: string;
  readonly kind: string;
}

export interface Period {
  /** Only sessions that have ended since, in ms since the epoch. */
  readonly since?: number;
  /** What is found again so soon after a session that fixed it came back. */
  readonly cameBackSeconds: number;
}

/** @param all in any state; what came back is looked for in all of them, also in those from before the period */
export function patternsOf(all: readonly DebugSession[], { since, cameBackSeconds }: Period): Patterns {
  const ended = all.filter(({ status }) => hasEnded(status?.phase));
  const counted = ended.filter((session) => Date.parse(endOf(session)) >= (since ?? -Infinity));
  return {
    sessions: counted.length,
    markedWrong: counted.filter(isMarkedWrong).length,
    ...seenIn(counted),
    ...learntFrom(counted, pastsByNamespace(ended), cameBackSeconds),
  };
}

function seenIn(sessions: readonly DebugSession[]): Pick<Patterns, 'outcomes' | 'gaps' | 'timeouts'> {
  const outcomes = new Tally<{ outcome: string }>();
  const gaps = new Tally<{ namespace: string; gap: string }>();
  const timeouts = new Tally<{ tool: string }>();
  for (const session of sessions) {
    const { metadata, status } = session;
    const at = endOf(session);
    outcomes.add({ outcome: status?.outcome ?? status?.phase ?? '' }, at);
    const told = gapsOf(session);
    for (const gap of told) gaps.add({ namespace: metadata.namespace, gap }, at);
    for (const tool of new Set(told.flatMap((gap) => lateIn(gap) ?? []))) timeouts.add({ tool }, at);
  }
  return { outcomes: outcomes.ranked(), gaps: gaps.ranked(), timeouts: timeouts.ranked() };
}

function learntFrom(
  sessions: readonly DebugSession[],
  pasts: ReadonlyMap<string, readonly Past[]>,
  cameBackSeconds: number,
): Pick<Patterns, 'causes' | 'remedies'> {
  const causes = new Tally<CausePattern>();
  const told: Told[] = [];
  for (const session of sessions) {
    const past = pastOf(session);
    if (past === undefined) continue;
    const { namespace } = session.metadata;
    causes.add({ namespace, ...past.rootCause }, past.endedAt);
    told.push({ namespace, past, again: cameAgain(past, pasts.get(namespace) ?? [], cameBackSeconds) });
  }
  return { causes: causes.ranked(), remedies: remediesOf(told) };
}

/** Nodes of two namespaces are two things, whatever they are called. */
function pastsByNamespace(ended: readonly DebugSession[]): ReadonlyMap<string, readonly Past[]> {
  const grouped = Map.groupBy(ended, ({ metadata }) => metadata.namespace);
  return new Map(
    [...grouped].map(([namespace, sessions]) => [namespace, sessions.flatMap((one) => pastOf(one) ?? [])]),
  );
}

function endOf({ metadata, status }: DebugSession): string {
  return status?.completedAt ?? metadata.creationTimestamp;
}
