import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from '../../lab/parts/listen.ts';

export interface Backend {
  readonly name: string;
  readonly url: string;
  /** How long it takes to answer. */
  readonly delayMs: number;
  /** Whether it is asked for a time, as a metric store is; else as a page is. */
  readonly windowed: boolean;
}

/** Pages and metric stores by turns that take their time, on one server, and how often each was asked. */
export interface Backends {
  readonly all: readonly Backend[];
  /** Requests by backend since the last time this was asked. */
  takeCounts(): ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Of a Prometheus; a page may say anything. */
const nothingFires = JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } });
const fastestMs = 50;
const slowestMs = 800;

/** Answers after 50 ms to 800 ms, evenly spread over the pages, the last of them slowest. */
export async function startBackends(pages: number): Promise<Backends> {
  let counts = new Map<string, number>();
  const delays = new Map(names(pages).map((name, index) => [name, delayOf(index, pages)]));
  const server = createServer((request, response) => {
    const [, name = ''] = (request.url ?? '').split('/');
    counts.set(name, (counts.get(name) ?? 0) + 1);
    void delay(delays.get(name) ?? 0).then(() => response.end(nothingFires));
  });
  const port = await listen(server);
  return {
    all: [...delays].map(([name, delayMs], index) => {
      return { name, delayMs, url: `http://127.0.0.1:${port}/${name}`, windowed: index % 2 === 1 };
    }),
    takeCounts() {
      const taken = counts;
      counts = new Map();
      return taken;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function names(pages: number): readonly string[] {
  return Array.from({ length: pages }, (_, index) => `page-${index}`);
}

function delayOf(index: number, pages: number): number {
  return Math.round(fastestMs + ((slowestMs - fastestMs) * (index + 1)) / pages);
}
