import { loadavg } from 'node:os';
import { startPlatforms } from '../../e2e/platforms.ts';
import type { EvalCase } from './cases.ts';
import type { Result } from './journal.ts';
import { runCase } from './live.ts';

export interface LaneOptions {
  /** At a time. */
  readonly labs: number;
  readonly commit: string;
  readonly signal: AbortSignal;
  /** Told of each case as soon as it has ended. */
  readonly add: (result: Result) => void;
}

/** Runs the cases, so many labs at a time. A lab that breaks ends its case alone. @throws when the signal fires */
export async function runAll(cases: readonly EvalCase[], options: LaneOptions): Promise<void> {
  if (cases.length === 0) return;
  const platforms = await startPlatforms(options.labs);
  const waiting = cases.values();
  const lane = async (): Promise<void> => {
    for (const one of waiting) {
      options.signal.throwIfAborted();
      options.add(await platforms.use((place) => resultOf(one, place, options)));
    }
  };
  try {
    const ends = await Promise.allSettled(Array.from({ length: options.labs }, lane));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    await platforms.stop();
  }
}

async function resultOf(
  one: EvalCase,
  place: Parameters<typeof runCase>[1],
  { commit, signal }: LaneOptions,
): Promise<Result> {
  const began = performance.now();
  const entry = { ...one, commit, at: new Date().toISOString() };
  try {
    const judged = await runCase(one, place, signal);
    const wallSeconds = Math.round((performance.now() - began) / 1000);
    return { ...entry, state: 'Ran', ...judged, wallSeconds, load: Math.round(loadavg()[0] ?? 0) };
  } catch (error) {
    signal.throwIfAborted();
    return { ...entry, state: 'Broke', message: error instanceof Error ? error.message : String(error) };
  }
}
