import type { Prediction } from '../../skills/skill.ts';
import type { Finding } from '../evidence/finding.ts';
import { beganSince } from './abnormality.ts';
import { type NamedCause, setOffBy } from './causes.ts';
import { secondsOf } from './evidence.ts';
import type { Examination } from './examine.ts';
import { worstOf } from './narrate.ts';

export interface Horizon {
  /** By when the decisive findings are gone once the fix is in place. */
  readonly causeSeconds: number;
  /** How much longer it takes for each hop on the way to the symptom. */
  readonly hopSeconds: number;
}

/**
 * What will be gone when the cause is healed: its decisive findings, and the worst of what the symptom's unit shows. Of a kind that the
 * node showed before anything happened nobody can foretell that it goes, as long as there is something else to foretell.
 */
export function predictionsFor(
  cause: NamedCause,
  chain: readonly string[],
  examination: Examination,
  { causeSeconds, hopSeconds }: Horizon,
): readonly Prediction[] {
  const shown = cause.suspect.unit === examination.start ? [] : worstOf(examination.start, examination);
  const isNew = (finding: Finding): boolean => !hasOlder(finding, cause, examination);
  const [far = shown[0]] = shown.filter(isNew);
  const later = causeSeconds + hopSeconds * Math.max(0, chain.length - 1);
  const all = [
    ...cause.decisive.map((finding) => ({ finding, within: causeSeconds })),
    ...(far === undefined ? [] : [{ finding: far, within: later }]),
  ];
  const certain = all.filter(({ finding }) => isNew(finding));
  const foretold = (certain.length > 0 ? certain : all).map(({ finding: { node, kind }, within }): Prediction => {
    return { node, findingGone: kind, withinSeconds: within };
  });
  return foretold.filter(
    (one, index) =>
      index === foretold.findIndex(({ node, findingGone }) => node === one.node && findingGone === one.findingGone),
  );
}

/** It, or another of its kind, was at its node before the change that set the cause off. */
function hasOlder({ kind, node }: Finding, cause: NamedCause, examination: Examination): boolean {
  const { bundle, evidence } = examination;
  const changed = secondsOf(setOffBy(cause, examination)?.change.at);
  const alike = (evidence.byNode.get(node)?.findings ?? []).filter((one) => one.kind === kind);
  return changed !== undefined && alike.some((one) => !beganSince(one, changed, bundle.window));
}
