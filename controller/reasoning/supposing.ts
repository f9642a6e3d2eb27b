import type { EvidenceBundle } from '../evidence/bundle.ts';
import { onsetOf, triggerOf } from './abnormality.ts';
import { conclude, isAtALoss } from './conclude.ts';
import { secondsOf } from './evidence.ts';
import { examine, type Examination, type Harmed } from './examine.ts';
import { dependentsOf, reachable } from './graph.ts';
import { worstOf } from './narrate.ts';
import type { Knowledge } from './proposals.ts';
import type { Limits, Memory } from './reasoner.ts';

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
  const harmed = isAtALoss(plain) ? harmedIn(plain) : new Map();
  if (harmed.size === 0) return plain;
  const supposed = examine(bundle, memory, knowledge, harmed);
  const cause = conclude(supposed, limits)?.cause;
  const isBlamed = cause !== undefined && harmed.has(cause.suspect.unit);
  return isBlamed && cause.hypothesis?.candidates.some(({ spent }) => !spent) === true ? supposed : plain;
}

/** Of each unit that shows nothing itself, what came to harm right after somebody changed it. */
function harmedIn(examination: Examination): Harmed {
  const { graph, standings } = examination;
  const silent = [...graph.units.keys()].filter((unit) => standings.get(unit)?.strength === 0);
  const found = silent.map(
    (unit) => [unit, victimsOf(unit, examination).flatMap((one) => worstOf(one, examination))] as const,
  );
  return new Map(found.filter(([, findings]) => findings.length > 0));
}

/** Of those that the symptom may come from: who suffers from the unit, and what it uses itself. */
function victimsOf(unit: string, examination: Examination): readonly string[] {
  const { graph, seen, evidence, path } = examination;
  const suffering = reachable(unit, dependentsOf(graph.dependencies)).keys();
  const used = (graph.dependencies.get(unit) ?? []).filter((one) => graph.units.get(one)?.isService === false);
  // What was changed since may be the session's own doing.
  const changes = (seen.get(unit)?.changes ?? []).filter(({ at }) => (secondsOf(at) ?? Infinity) < evidence.began);
  const near = [...new Set([...suffering, ...used])].filter((one) => path.has(one));
  return near.filter((one) => {
    const worst = worstOf(one, examination);
    const trigger = triggerOf(changes, onsetOf(worst, evidence.swept), evidence.swept);
    return worst.length > 0 && (trigger?.closeness ?? 0) >= closeEnough;
  });
}
