/** Not an error but a pause: the reconciler wants to be called again after `afterMs`. Backoff is reset. */
export class Wait extends Error {
  readonly afterMs: number;
  /** CamelCase, for conditions, logs and metrics. */
  readonly reason: string;

  constructor(afterMs: number, reason: string, options?: ErrorOptions) {
    super(`wait ${afterMs} ms: ${reason}`, options);
    this.name = 'Wait';
    this.afterMs = afterMs;
    this.reason = reason;
  }
}

/** Trying again changes nothing until the object changes. The reconciler is not called again before that. */
export class Terminal extends Error {
  /** CamelCase, for conditions, logs and metrics. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'Terminal';
    this.reason = reason;
  }
}

/** Whether `error` is, or was caused by, an abort: somebody stopped us, nothing is wrong. */
export function isAborted(error: unknown, signal?: AbortSignal): boolean {
  let current: unknown = error;
  for (let depth = 0; depth < 8 && current !== undefined && current !== null; depth += 1) {
    if (signal?.aborted === true && current === signal.reason) return true;
    if (current instanceof Error && current.name === 'AbortError') return true;
    current = current instanceof Error ? current.cause : undefined;
  }
  return false;
}
