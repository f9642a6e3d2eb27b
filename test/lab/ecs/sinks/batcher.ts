/** Collects items and hands them on together, one batch at a time, in the order they came. */
export interface Batcher<T> {
  add(items: readonly T[]): void;
  /** Resolves when all that was added before is handed on, or dropped. */
  flush(): Promise<void>;
  /** Flushes and ends. */
  close(): Promise<void>;
}

export interface BatcherOptions<T> {
  readonly everyMs: number;
  readonly send: (items: readonly T[]) => Promise<void>;
  /** Told when a batch was lost. */
  readonly onError: (error: unknown) => void;
}

export function startBatcher<T>({ everyMs, send, onError }: BatcherOptions<T>): Batcher<T> {
  let waiting: T[] = [];
  let sending: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    if (waiting.length === 0) return sending;
    const items = waiting;
    waiting = [];
    sending = sending.then(() => send(items)).catch(onError);
    return sending;
  };
  const timer = setInterval(() => void flush(), everyMs);
  return {
    add: (items) => void waiting.push(...items),
    flush,
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}
