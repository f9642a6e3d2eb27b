import { setTimeout as delay } from 'node:timers/promises';

/** What a stretch of requests came to, seen from outside. */
export interface Seen {
  readonly requests: number;
  readonly errors: number;
  /** Milliseconds. */
  readonly p95: number;
  /** The distinct statuses and transport errors with their counts. */
  readonly answers: Readonly<Record<string, number>>;
}

export interface Traffic {
  /** What the steady traffic has seen since it was last asked. */
  take(): Seen;
  stop(): Promise<void>;
}

interface Sample {
  readonly answer: string;
  readonly ok: boolean;
  readonly ms: number;
}

/** A steady trickle of the users' requests, so that there is something to see. Bounded rate; ends with the signal. */
export function startTraffic(baseUrl: string, requestsPerSecond: number, signal: AbortSignal): Traffic {
  let samples: Sample[] = [];
  const end = new AbortController();
  const both = AbortSignal.any([signal, end.signal]);
  const run = async (): Promise<void> => {
    const open = new Set<Promise<void>>();
    while (!both.aborted) {
      if (open.size < 20) {
        const one: Promise<void> = checkout(baseUrl).then((sample) => {
          samples.push(sample);
          open.delete(one);
        });
        open.add(one);
      }
      await delay(1000 / requestsPerSecond, undefined, { signal: both }).catch(() => undefined);
    }
    await Promise.all(open);
  };
  const running = run();
  return {
    take() {
      const taken = seenOf(samples);
      samples = [];
      return taken;
    },
    async stop() {
      end.abort();
      await running;
    },
  };
}

/** A bounded burst, for judging from outside. */
export async function burst(baseUrl: string, requests: number, requestsPerSecond: number): Promise<Seen> {
  const samples: Promise<Sample>[] = [];
  for (let sent = 0; sent < requests; sent += 1) {
    samples.push(checkout(baseUrl));
    await delay(1000 / requestsPerSecond);
  }
  return seenOf(await Promise.all(samples));
}

async function checkout(baseUrl: string): Promise<Sample> {
  const began = performance.now();
  try {
    const response = await fetch(`${baseUrl}/checkout`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ amount: 100 }),
      signal: AbortSignal.timeout(10_000),
    });
    await response.text();
    return { answer: String(response.status), ok: response.status < 500, ms: performance.now() - began };
  } catch (error) {
    return { answer: error instanceof Error ? error.name : 'error', ok: false, ms: performance.now() - began };
  }
}

function seenOf(samples: readonly Sample[]): Seen {
  const times = samples.map((sample) => sample.ms).toSorted((a, b) => a - b);
  const answers: Record<string, number> = {};
  for (const { answer } of samples) answers[answer] = (answers[answer] ?? 0) + 1;
  return {
    requests: samples.length,
    errors: samples.filter((sample) => !sample.ok).length,
    p95: times[Math.floor(times.length * 0.95)] ?? 0,
    answers,
  };
}
