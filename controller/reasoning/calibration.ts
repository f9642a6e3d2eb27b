/** A monotone map from what the reasoner makes of the evidence to how often that is so: the logit is shifted and stretched. */
export interface Calibration {
  readonly intercept: number;
  readonly slope: number;
}

/** Fitted by `node test/evals/calibration/main.ts`; docs/calibration.md says on what, and what it does not tell. */
export const fitted: Calibration = { intercept: 1.33, slope: 1.32 };

/** Nothing is ever quite sure. */
const surest = 0.98;
const leastRaw = 0.001;

/** The probability that goes with a raw confidence; both in [0, 1]. */
export function calibrated(raw: number, { intercept, slope }: Calibration): number {
  return Math.min(surest, 1 / (1 + Math.exp(-(intercept + slope * logit(raw)))));
}

/** Kept finite at both ends. */
export function logit(share: number): number {
  const within = Math.min(1 - leastRaw, Math.max(leastRaw, share));
  return Math.log(within / (1 - within));
}
