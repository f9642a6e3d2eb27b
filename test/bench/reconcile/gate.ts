import { createInterface } from 'node:readline';

/** How a contestant and the benchmark speak: lines on standard output and input. */
export interface Gate {
  /** Resolves at the first line that comes in. */
  readonly begun: Promise<void>;
  /** Aborts when standard input closes, which it does however the benchmark ends. */
  readonly ended: AbortSignal;
  readonly say: (word: 'ready' | 'done') => void;
}

export function gate(): Gate {
  const begun = Promise.withResolvers<void>();
  const ended = new AbortController();
  createInterface(process.stdin)
    .once('line', () => begun.resolve())
    .once('close', () => {
      begun.resolve();
      ended.abort(new Error('the benchmark has ended'));
    });
  return { begun: begun.promise, ended: ended.signal, say: (word) => void process.stdout.write(`${word}\n`) };
}
