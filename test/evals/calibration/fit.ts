import { logit, type Calibration } from '../../../controller/reasoning/calibration.ts';
import type { Said } from './reliability.ts';

const steps = 50;

/** Platt's two parameters by the greatest likelihood (Newton's method), to two decimals; `said` holds raw confidences. */
export function fit(said: readonly Said[]): Calibration {
  let [intercept, slope] = [0, 1];
  for (let step = 0; step < steps; step += 1) {
    const sums = { g0: 0, g1: 0, h00: 0, h01: 0, h11: 0 };
    for (const { confidence, isTrue } of said) {
      const x = logit(confidence);
      const p = 1 / (1 + Math.exp(-(intercept + slope * x)));
      const [off, weight] = [(isTrue ? 1 : 0) - p, p * (1 - p)];
      sums.g0 += off;
      sums.g1 += off * x;
      sums.h00 += weight;
      sums.h01 += weight * x;
      sums.h11 += weight * x * x;
    }
    const determinant = sums.h00 * sums.h11 - sums.h01 ** 2;
    intercept += (sums.h11 * sums.g0 - sums.h01 * sums.g1) / determinant;
    slope += (sums.h00 * sums.g1 - sums.h01 * sums.g0) / determinant;
  }
  return { intercept: rounded(intercept), slope: rounded(slope) };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
