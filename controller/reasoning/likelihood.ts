import type { Onset, Standing } from './standing.ts';

/** How well `victim` fits as a victim of `cause`, but for the way between them. */
export function fit(victim: Standing, cause: Standing, dose: number): number {
  // What strongly speaks for a cause of its own leaves next to nothing for another one's harm to explain.
  const open = (1 - victim.local) * Math.sqrt(1 - victim.local);
  return Math.min(open, dose) * strengthFit(victim, cause) * order(victim.onset, cause.onset);
}

/** A small harm seldom makes a large one. */
function strengthFit(victim: Standing, cause: Standing): number {
  if (!cause.seen || cause.strength >= victim.strength) return 1;
  return 0.4 + (0.6 * cause.strength) / victim.strength;
}

const soonSeconds = 600;
const fadingSeconds = 7200;

/** A cause does not begin after its effect, and seldom long before it. */
function order(victim: Onset | undefined, cause: Onset | undefined): number {
  if (victim === undefined || cause === undefined) return 0.9;
  const lead = victim.at - cause.at;
  if (lead < -(victim.within + cause.within)) return 0.35;
  return Math.max(0.4, 1 / (1 + Math.max(0, lead - soonSeconds) / fadingSeconds));
}

/** How likely a unit is where it began, by itself. */
export function originOf(standing: Standing): number {
  if (standing.strength === 0) return 0.12;
  return 0.1 + standing.strength * (0.4 + 0.5 * standing.local);
}

/** How likely it is ill for a reason that has nothing to do with the symptom. */
export function background(standing: Standing): number {
  return 0.25 - 0.17 * Math.min(1, standing.strength);
}
