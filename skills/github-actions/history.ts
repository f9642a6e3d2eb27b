import type { Run } from './runs.ts';

/** What the runs of a branch say together. All are newest first. */
export interface History {
  /** Completed runs of the branch up to the window's end, cancelled and skipped ones left out. */
  readonly judged: readonly Run[];
  /** The newest of them. */
  readonly newest: Run | undefined;
  /** The newest that succeeded. */
  readonly lastGood: Run | undefined;
  /** The runs that failed after it. */
  readonly failedSince: readonly Run[];
  /** The oldest of those: with its commit the trouble began. */
  readonly firstFailed: Run | undefined;
  readonly underWay: readonly Run[];
}

const good = 'success';
export const bad = new Set(['failure', 'timed_out', 'startup_failure']);

export function historyOf(runs: readonly Run[], branch: string, until: Date): History {
  const own = runs.filter((run) => run.branch === branch && run.createdAt <= until);
  const judged = own.filter(
    ({ status, conclusion }) => status === 'completed' && (conclusion === good || bad.has(conclusion)),
  );
  const lastGoodAt = judged.findIndex(({ conclusion }) => conclusion === good);
  const failedSince = lastGoodAt < 0 ? judged : judged.slice(0, lastGoodAt);
  return {
    judged,
    newest: judged[0],
    lastGood: lastGoodAt < 0 ? undefined : judged[lastGoodAt],
    failedSince,
    firstFailed: failedSince.at(-1),
    underWay: own.filter(({ status }) => status !== 'completed'),
  };
}

/** A commit that the same workflow both failed and passed; a later attempt that passed followed on one that did not. */
export function isFlaky(sha: string, runs: readonly Run[]): boolean {
  const same = runs.filter((run) => run.sha === sha);
  const passed = same.some(({ conclusion }) => conclusion === good);
  const failed = same.some(({ conclusion }) => bad.has(conclusion));
  const passedLater = same.some(({ conclusion, attempt }) => conclusion === good && attempt > 1);
  return (passed && failed) || passedLater;
}

/** How often this commit failed: each attempt counts. */
export function timesFailed(sha: string, runs: readonly Run[]): number {
  return runs
    .filter((run) => run.sha === sha && bad.has(run.conclusion))
    .reduce((sum, { attempt }) => sum + attempt, 0);
}
