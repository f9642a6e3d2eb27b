import type { Iteration } from '../api/kinds.ts';
import type { Status } from './transition.ts';

const keepHead = 5;
const keepAll = 40;

/** The history with a new record, head and tail kept within the CRD's bound. */
export function appended(history: Status['history'], entry: Iteration): Iteration[] {
  const all = [...(history ?? []).filter((known) => known.iteration !== entry.iteration), entry];
  if (all.length <= keepAll) return all;
  return [...all.slice(0, keepHead), ...all.slice(all.length - (keepAll - keepHead))];
}

/** The history with the record of one iteration changed. */
export function amended(history: Status['history'], iteration: number, change: Partial<Iteration>): Iteration[] {
  return (history ?? []).map((entry) => (entry.iteration === iteration ? { ...entry, ...change } : entry));
}

export function recordOf(status: Status, iteration: number): Iteration | undefined {
  return status.history?.find((entry) => entry.iteration === iteration);
}

/** The history without what was planned in this iteration and not begun. */
export function withoutPending(history: Status['history'], iteration: number): Iteration[] {
  return (history ?? []).filter((entry) => entry.iteration !== iteration || entry.standing !== 'Pending');
}
