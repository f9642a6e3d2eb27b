import type { Prediction } from '../../skills/skill.ts';
import type { Finding } from '../evidence/finding.ts';
import { beganSince, findingWithin, onsetOf } from './abnormality.ts';
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
  const began = beginOf(cause, examination);
  const isNew = (finding: Finding): boolean => !hasOlder(finding, began, examination);
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

/** When it began at the earliest, in seconds since the epoch: with the change that set it off, or with what the cause shows. */
function beginOf(cause: NamedCause, examination: Examination): number | undefined {
  const onset = onsetOf(cause.decisive, examination.evidence.swept);
  return (
    secondsOf(setOffBy(cause, examination)?.change.at) ?? (onset === undefined ? undefined : onset.at - onset.within)
  );
}

/** It, or another of its kind, was at its node before; findings are as exact as the polling behind them. */
function hasOlder({ id, kind, node }: Finding, began: number | undefined, { evidence }: Examination): boolean {
  if (began === undefined) return false;
  const alike = (evidence.byNode.get(node)?.findings ?? []).filter((one) => one.kind === kind);
  return alike.some((one) => !beganSince(one, one.id === id ? began - findingWithin : began));
}
