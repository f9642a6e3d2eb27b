import type { Iteration } from '../api/kinds.ts';
import type { Status } from './transition.ts';

const keepHead = 5;
const keepAll = 40;
const keepFailed = 200;

/**
 * The history with a new record of its iteration, within the CRD's bound: what lies in the middle goes, and leaves the signature of its
 * fix behind, so that it is not tried again. What is live stays: later commits are built on it.
 */
export function withRecord(status: Status, entry: Iteration): Pick<Status, 'history' | 'failedFixes'> {
  const history = [...(status.history ?? []).filter((known) => known.iteration !== entry.iteration), entry];
  const surplus = history.length - keepAll;
  if (surplus <= 0) return { history };
  const gone = new Set(
    history
      .slice(keepHead, history.length - 1)
      .filter(({ standing }) => standing !== 'Kept')
      .slice(0, surplus),
  );
  const failed = [...(status.failedFixes ?? []), ...[...gone].flatMap(({ signature = [] }) => signature)];
  return {
    history: history.filter((known) => !gone.has(known)),
    failedFixes: [...new Set(failed)].slice(-keepFailed),
  };
}

/** The history with the record of one iteration changed. */
export function amended(history: Status['history'], iteration: number, change: Partial<Iteration>): Iteration[] {
  return (history ?? []).map((entry) => (entry.iteration === iteration ? { ...entry, ...change } : entry));
}

/** The history without what was planned in this iteration and not begun. */
export function withoutPending(history: Status['history'], iteration: number): Iteration[] {
  return (history ?? []).filter((entry) => entry.iteration !== iteration || entry.standing !== 'Pending');
}
