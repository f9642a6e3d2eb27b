import type { Clock } from '../../../controller/kube/clock.ts';

export interface LoadPlan {
  readonly connections: number;
  /** Upper bound: connections that wait for answers send nothing. */
  readonly requestsPerSecond: number;
  readonly durationMs: number;
}

/** How one request ended: its status, or the word for why no answer came. */
export interface RequestEnd {
  readonly ok: boolean;
  readonly answer: string;
}

export interface LoadRun {
  readonly ends: readonly (RequestEnd & { readonly ms: number })[];
  /** From the first request to the last answer. */
  readonly tookMs: number;
}

/**
 * Sends requests evenly at the wanted rate from a fixed number of senders. A slot that no sender is free for is dropped, not made up
 * for later, so that the rate is never exceeded; each request is timed from when it was sent. The last one may end after the
 * duration.
 */
export async function generate(
  plan: LoadPlan,
  clock: Clock,
  send: (signal: AbortSignal) => Promise<RequestEnd>,
  signal: AbortSignal,
): Promise<LoadRun> {
  const began = clock.monotonicMs();
  const spacingMs = 1000 / plan.requestsPerSecond;
  const ends: (RequestEnd & { readonly ms: number })[] = [];
  let nextMs = began;
  const sender = async (): Promise<void> => {
    for (;;) {
      const slotMs = Math.max(nextMs, clock.monotonicMs());
      if (slotMs >= began + plan.durationMs) return;
      nextMs = slotMs + spacingMs;
      await clock.sleep(Math.max(0, slotMs - clock.monotonicMs()), signal);
      const sentMs = clock.monotonicMs();
      const end = await send(signal);
      ends.push({ ...end, ms: clock.monotonicMs() - sentMs });
    }
  };
  await Promise.all(Array.from({ length: plan.connections }, sender));
  return { ends, tookMs: clock.monotonicMs() - began };
}
