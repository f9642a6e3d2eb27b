import type { EvidenceBundle } from '../evidence/bundle.ts';
import type { Change, Finding } from '../evidence/finding.ts';
import { beganSince, onsetOf, triggerOf } from './abnormality.ts';
import { conclude, isAtALoss } from './conclude.ts';
import { secondsOf } from './evidence.ts';
import { examine, type Examination, type Harm, type Harmed } from './examine.ts';
import { dependentsOf, reachable } from './graph.ts';
import { worstOf } from './narrate.ts';
import type { Knowledge } from './proposals.ts';
import type { Limits, Memory } from './reasoner.ts';
import { unseen } from './standing.ts';

/** How close before the harm a change must be to be blamed for nothing else: a quarter of an hour where the harm is dated. */
const closeEnough = 0.4;

/**
 * The bundle thought through. Where nothing is known of the likeliest cause, once more under the supposition that what was changed right
 * before is to blame, though it shows nothing itself: so an engineer asks what was released last.
 */
export function examineSupposing(
  bundle: EvidenceBundle,
  memory: Memory,
  knowledge: Knowledge,
  limits: Limits,
): Examination {
  const plain = examine(bundle, memory, knowledge);
  if (conclude(plain, limits)?.candidate !== undefined || !isAtALoss(plain)) return plain;
  const harmed = harmedIn(plain);
  if (harmed.size === 0) return plain;
  const supposed = examine(bundle, memory, knowledge, harmed);
  const cause = conclude(supposed, limits)?.cause;
  const isBlamed = cause !== undefined && harmed.has(cause.suspect.unit);
  return isBlamed && cause.hypothesis?.candidates.some(({ spent }) => !spent) === true ? supposed : plain;
}

/** Of each unit that was looked at and shows nothing itself, what came to harm right after somebody changed it. */
function harmedIn(examination: Examination): Harmed {
  const { graph, standings } = examination;
  const silent = [...graph.units.keys()].filter((unit) => {
    const { strength, seen } = standings.get(unit) ?? unseen;
    return seen && strength === 0;
  });
  const found = silent.map((unit) => [unit, harmOf(unit, examination)] as const);
  return new Map(found.filter(([, { findings }]) => findings.length > 0));
}

/** With what is not a commit only where it came right before; a commit is dated by its deploy. */
function harmOf(unit: string, examination: Examination): Harm {
  const { seen, evidence } = examination;
  // What was changed since may be the session's own doing.
  const changes = (seen.get(unit)?.changes ?? []).filter(({ at }) => (secondsOf(at) ?? Infinity) < evidence.began);
  const ill = nearTo(unit, examination).map((one) => worstOf(one, examination));
  // Trouble that nobody dates may be as old as the hills: beside what is dated it tells nothing of a change.
  const dated = ill.filter((worst) => onsetOf(worst, evidence.swept) !== undefined);
  const victims = dated.length > 0 ? dated : ill;
  const isClose = (change: Change, worst: readonly Finding[]): boolean =>
    (triggerOf([change], onsetOf(worst, evidence.swept), evidence.swept)?.closeness ?? 0) >= closeEnough;
  const harmed = victims.filter((worst) => worst.length > 0 && changes.some((change) => isClose(change, worst)));
  return {
    // A remedy learns what others came to and when, and nothing that it could take for its own unit's.
    findings: harmed
      .flatMap((worst) => sinceChanged(worst, changes, examination))
      .map((finding) => ({ ...finding, facts: {} })),
    changes: changes.filter((change) => change.kind === 'Commit' || harmed.some((worst) => isClose(change, worst))),
  };
}

/** Where some of it began after the change, what was there before is other trouble. */
function sinceChanged(
  worst: readonly Finding[],
  changes: readonly Change[],
  { bundle, evidence: { swept } }: Examination,
): readonly Finding[] {
  const changed = secondsOf(triggerOf(changes, onsetOf(worst, swept), swept)?.change.at) ?? 0;
  const since = worst.filter((finding) => beganSince(finding, changed, bundle.window));
  return since.length > 0 ? since : worst;
}

/** Of those that the symptom may come from: who suffers from the unit, and what it uses itself. */
function nearTo(unit: string, { graph, path }: Examination): readonly string[] {
  const suffering = reachable(unit, dependentsOf(graph.dependencies)).keys();
  const used = (graph.dependencies.get(unit) ?? []).filter((one) => graph.units.get(one)?.isService === false);
  return [...new Set([...suffering, ...used])].filter((one) => path.has(one));
}
