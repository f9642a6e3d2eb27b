import type { Memory } from '../reasoning/reasoner.ts';
import type { Status } from './transition.ts';

/** What the session has tried, from its history: what failed is never proposed again, what is live need not be. */
export function memoryOf(status: Status): Memory {
  const history = status.history ?? [];
  const signatures = (standings: readonly string[]): string[] =>
    history.flatMap((entry) =>
      entry.signature !== undefined && standings.includes(entry.standing ?? '') ? [entry.signature] : [],
    );
  return {
    failed: [...(status.failedFixes ?? []), ...signatures(['RolledBack', 'NotApplied'])],
    kept: signatures(['Kept']),
    history: history.map((entry) => ({
      iteration: entry.iteration,
      result: entry.result,
      ...(entry.rootCause === undefined ? {} : { rootCause: entry.rootCause }),
      ...(entry.signature === undefined ? {} : { signature: entry.signature }),
    })),
  };
}
