import type { Finding } from '../evidence/finding.ts';
import { onsetOf, type Trigger, triggerOf } from './abnormality.ts';
import type { Examination } from './examine.ts';
import type { RankedUnit } from './explain.ts';
import { bySeverity, type Hypothesis } from './hypotheses.ts';
import { rivalsOf } from './rivals.ts';

/** One nameable cause: a hypothesis of a suspect, or what the suspect shows where no remedy knows it. */
export interface NamedCause {
  readonly suspect: RankedUnit;
  readonly node: string;
  readonly kind: string;
  /** The findings that decide, worst first; never empty. */
  readonly decisive: readonly Finding[];
  /** Of all that was seen, how much of the whole probability it has. */
  readonly confidence: number;
  /** What is left to it beside what nobody could look at, in [0, 1]. */
  readonly sight: number;
  readonly hypothesis?: Hypothesis;
}

/** What no remedy explains weighs as much as a remedy of this belief: what is merely seen is as often the cause as not. */
const unknownCause = 0.2;
/** One that knows the cause by its name and can do nothing about it. */
const helplessBelief = 0.4;

export function causesOf(suspect: RankedUnit, examination: Examination): readonly NamedCause[] {
  const { all: hypotheses = [] } = examination.hypotheses.get(suspect.unit) ?? {};
  const shown = shownBy(suspect.unit, examination);
  const [best] = hypotheses;
  if (best === undefined) return shown === undefined ? [] : [unexplained(suspect, shown, examination)];
  const beliefs = [...hypotheses.map(({ belief }) => belief), unknownCause];
  const rival = strongestRival(suspect, tellingOf(best), examination);
  return hypotheses.map((hypothesis) => ({
    suspect,
    hypothesis,
    node: hypothesis.node,
    kind: hypothesis.kind,
    decisive: decisiveOf(hypothesis.explains, shown?.decisive ?? []),
    confidence: suspect.share * shareOf(hypothesis.belief, beliefs),
    sight: shareOf(best.belief, [best.belief, rival]),
  }));
}

/** One remedy that knows the cause and can do nothing about it still gives it its name. */
function unexplained(suspect: RankedUnit, shown: Shown, examination: Examination): NamedCause {
  const { helpless = [] } = examination.hypotheses.get(suspect.unit) ?? {};
  const name = helpless.length === 1 ? helpless[0] : undefined;
  const belief = name === undefined ? unknownCause : helplessBelief;
  return {
    ...shown,
    kind: name ?? shown.kind,
    suspect,
    confidence: suspect.share * shareOf(belief, [belief, unknownCause]),
    sight: shareOf(belief, [belief, strongestRival(suspect, shown.decisive, examination)]),
  };
}

/** The belief in what nobody could look at. */
function strongestRival({ unit }: RankedUnit, telling: readonly Finding[], examination: Examination): number {
  return rivalsOf(unit, telling, examination)[0]?.belief ?? 0;
}

/** Of causes that exclude one another; a belief twice as strong weighs four times. */
function shareOf(belief: number, all: readonly number[]): number {
  return belief ** 2 / all.reduce((sum, one) => sum + one ** 2, 0);
}

/** The worst of what a remedy explains; where that is mere context, the worst that is seen. */
function decisiveOf(explains: readonly Finding[], shown: readonly Finding[]): readonly Finding[] {
  return explains[0]?.severity === 'Info' && shown.length > 0 ? shown : worstOf(explains);
}

/** The findings that tell of a hypothesis; they may be mere context. */
export function tellingOf({ explains }: Hypothesis): readonly Finding[] {
  return worstOf(explains);
}

/** Of findings that are sorted by severity. */
function worstOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity === findings[0]?.severity);
}

type Shown = Pick<NamedCause, 'node' | 'kind' | 'decisive'>;

/** The unit's worst findings, its own before what callers see of it, and the node that they blame. */
function shownBy(unit: string, { graph, seen }: Examination): Shown | undefined {
  const { views = [], members = [] } = graph.units.get(unit) ?? {};
  const own = seen.get(unit);
  const findings = (own?.findings ?? []).filter(({ severity }) => severity !== 'Info').toSorted(bySeverity);
  const direct = findings.filter(({ node }) => !views.includes(node));
  const decisive = worstOf(direct.length > 0 ? direct : findings);
  const [worst] = decisive;
  if (worst === undefined) return undefined;
  const itself = members.some((node) => own?.seen.includes(node));
  const node = views.includes(worst.node) && itself ? unit : worst.node;
  return { node, kind: worst.kind, decisive };
}

/** As close to what decides that it is worth telling: a deploy of an hour and a half before. */
const closeEnough = 0.1;

/** The change of the cause's unit that fits best as what set it off. */
export function setOffBy({ decisive, suspect }: NamedCause, { seen, evidence }: Examination): Trigger | undefined {
  const onset = onsetOf(decisive, evidence.swept);
  const trigger = triggerOf(seen.get(suspect.unit)?.changes ?? [], onset, evidence.swept);
  return (trigger?.closeness ?? 0) < closeEnough ? undefined : trigger;
}

export function byConfidence(a: NamedCause, b: NamedCause): number {
  return (
    b.confidence * b.sight - a.confidence * a.sight ||
    (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.node < b.node ? -1 : 1)
  );
}
