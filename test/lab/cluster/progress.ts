import type { PartOptions } from '../parts/part.ts';

/** What a long step takes: a signal to give up on, and somewhere to say what is being waited for. */
export type Waiting = Pick<PartOptions, 'signal' | 'progress'>;

const everyMs = 15_000;

/** Says what is waited for when `work` starts and, with the time gone by, as long as it lasts. */
export async function announced<T>(waiting: Waiting, what: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  waiting.progress(what);
  const ticker = setInterval(() => waiting.progress(`${what}: ${elapsed(begin)} so far`), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}

/** Time since a `performance.now()`, as a person says it: "45 s", "6 min 5 s". */
export function elapsed(begin: number): string {
  const seconds = Math.round((performance.now() - begin) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
