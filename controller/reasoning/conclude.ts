import type { Finding } from '../evidence/finding.ts';
import type { Examination } from './examine.ts';
import type { RankedUnit } from './explain.ts';
import { bySeverity, type Candidate, type Hypothesis } from './hypotheses.ts';
import type { Limits } from './reasoner.ts';

/** One nameable cause: a hypothesis of a suspect, or what the suspect shows where no remedy knows it. */
export interface NamedCause {
  readonly suspect: RankedUnit;
  readonly node: string;
  readonly kind: string;
  /** The findings that decide, worst first; never empty. */
  readonly decisive: readonly Finding[];
  readonly confidence: number;
  readonly hypothesis?: Hypothesis;
}

export interface Conclusion {
  readonly cause: NamedCause;
  readonly candidate?: Candidate;
  readonly alternatives: readonly NamedCause[];
}

/**
 * Another suspect is acted on in the place of the likeliest only where it is about as likely; less so where nothing is left to
 * try or known for the likeliest than where its fix is known and not allowed here.
 */
const competitive = { forbidden: 0.5, exhausted: 0.25 };
/** A lesser fix is worth trying where it is about as promising as the best one that was not tried. */
const promising = { share: 0.4, least: 0.1 };

/**
 * Which cause to name and which fix to try: the likeliest suspect's best fix that is allowed and untried; where it has none
 * left, that of a suspect about as likely. Undefined where nothing is suspect.
 */
export function conclude(examination: Examination, limits: Limits): Conclusion | undefined {
  const causes = examination.suspects.flatMap((suspect) => causesOf(suspect, examination)).toSorted(byConfidence);
  const top = examination.suspects[0];
  if (top === undefined) return undefined;
  const least = competitive[openFixes(top, examination).length > 0 ? 'forbidden' : 'exhausted'] * top.share;
  const close = examination.suspects.filter(({ share }) => share >= least);
  for (const suspect of close) {
    const chosen = fixOf(suspect, examination, limits);
    const cause = causes.find((one) => one.suspect === suspect && one.hypothesis === chosen?.hypothesis);
    if (chosen !== undefined && cause !== undefined) {
      return { cause, candidate: chosen.candidate, alternatives: causes.filter((one) => one !== cause) };
    }
  }
  const cause = causes.find((one) => one.suspect === top);
  return cause === undefined ? undefined : { cause, alternatives: causes.filter((one) => one !== cause) };
}

interface Chosen {
  readonly hypothesis: Hypothesis;
  readonly candidate: Candidate;
}

function fixOf(suspect: RankedUnit, examination: Examination, limits: Limits): Chosen | undefined {
  return openFixes(suspect, examination).find(({ candidate: { fix } }) => limits.allowed(fix.action, fix.node));
}

/** What was not tried and is promising, allowed or not, the best first. */
function openFixes({ unit }: RankedUnit, { hypotheses }: Examination): readonly Chosen[] {
  const open = (hypotheses.get(unit)?.all ?? [])
    .flatMap((hypothesis) => hypothesis.candidates.map((candidate) => ({ hypothesis, candidate })))
    .filter(({ candidate }) => !candidate.spent)
    .toSorted((a, b) => b.candidate.promise - a.candidate.promise);
  const best = Math.max(0, ...open.map(({ candidate }) => candidate.belief));
  const floor = Math.max(promising.least, promising.share * best);
  return open.filter(({ candidate }) => candidate.belief >= floor);
}

/** What no remedy explains weighs as much as a remedy of this belief. */
const unknownCause = 0.2;

function causesOf(suspect: RankedUnit, examination: Examination): readonly NamedCause[] {
  const { all: hypotheses = [], helpless = [] } = examination.hypotheses.get(suspect.unit) ?? {};
  const shown = shownBy(suspect.unit, examination);
  if (hypotheses.length === 0) {
    // One remedy that knows the cause and can do nothing about it still gives it its name.
    const kind = helpless.length === 1 ? helpless[0] : shown?.kind;
    return shown === undefined || kind === undefined
      ? []
      : [{ ...shown, kind, suspect, confidence: suspect.share * 0.8 }];
  }
  const total = hypotheses.reduce((sum, { belief }) => sum + belief ** 2, unknownCause ** 2);
  return hypotheses.map((hypothesis) => ({
    suspect,
    hypothesis,
    node: hypothesis.node,
    kind: hypothesis.kind,
    decisive: decisiveOf(hypothesis.explains, shown?.decisive ?? []),
    confidence: (suspect.share * hypothesis.belief ** 2) / total,
  }));
}

/** The worst of what a remedy explains; where that is mere context, the worst that is seen. */
function decisiveOf(explains: readonly Finding[], shown: readonly Finding[]): readonly Finding[] {
  const worst = explains[0]?.severity;
  return worst === 'Info' && shown.length > 0 ? shown : explains.filter(({ severity }) => severity === worst);
}

/** The unit's worst findings, its own before what callers see of it, and the node that they blame. */
function shownBy(
  unit: string,
  { graph, seen }: Examination,
): Pick<NamedCause, 'node' | 'kind' | 'decisive'> | undefined {
  const { views = [], members = [] } = graph.units.get(unit) ?? {};
  const own = seen.get(unit);
  const findings = (own?.findings ?? []).filter(({ severity }) => severity !== 'Info').toSorted(bySeverity);
  const direct = findings.filter(({ node }) => !views.includes(node));
  const decisive = (direct.length > 0 ? direct : findings).filter(
    ({ severity }, _, all) => severity === all[0]?.severity,
  );
  const [worst] = decisive;
  if (worst === undefined) return undefined;
  const itself = members.some((node) => own?.seen.includes(node));
  const node = views.includes(worst.node) && itself ? unit : worst.node;
  return { node, kind: worst.kind, decisive };
}

function byConfidence(a: NamedCause, b: NamedCause): number {
  return b.confidence - a.confidence || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.node < b.node ? -1 : 1);
}
