import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { Clock } from '../kube/clock.ts';
import {
  ToolAborted,
  type ToolAddress,
  ToolAnswerTooLarge,
  ToolError,
  ToolFailed,
  type ToolOutcome,
  ToolTimeout,
  ToolUnavailable,
} from './errors.ts';
import { failureText } from './failure-text.ts';
import { DialError, HostRefusedError } from './outbound-errors.ts';

export interface CallBounds {
  readonly address: ToolAddress;
  /** A write whose answer is lost has an unknown outcome. */
  readonly write: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** What the SDK's request takes of it. */
export interface SdkBounds {
  readonly signal: AbortSignal;
  readonly timeout: number;
}

/** The SDK's own timeout cannot be switched off; ours comes first, on the injected clock. */
const sdkTimeoutMs = 2 ** 31 - 1;

const notCarriedOut = new Set<number>([
  ErrorCode.ParseError,
  ErrorCode.InvalidRequest,
  ErrorCode.MethodNotFound,
  ErrorCode.InvalidParams,
]);

/**
 * Runs one exchange with a server within a time, and names its failure.
 * @throws ToolError; the signal's reason when a read is given up.
 */
export async function boundedCall<T>(bounds: CallBounds, exchange: (options: SdkBounds) => Promise<T>): Promise<T> {
  bounds.signal.throwIfAborted();
  // A controller for each call: the SDK never takes its listener off, and the session's signal lives long.
  const controller = new AbortController();
  let timedOut = false;
  const onAbort = (): void => controller.abort(bounds.signal.reason);
  bounds.signal.addEventListener('abort', onAbort, { once: true });
  const cancelTimer = bounds.clock.timer(bounds.timeoutMs, () => {
    timedOut = !controller.signal.aborted;
    controller.abort(new Error('timed out'));
  });
  try {
    return await exchange({ signal: controller.signal, timeout: sdkTimeoutMs });
  } catch (error) {
    throw nameFailure(bounds, timedOut, error);
  } finally {
    cancelTimer();
    bounds.signal.removeEventListener('abort', onAbort);
  }
}

function nameFailure(bounds: CallBounds, timedOut: boolean, cause: unknown): unknown {
  const { address, signal } = bounds;
  const outcome: ToolOutcome = bounds.write ? 'Unknown' : 'NotDone';
  if (timedOut) return new ToolTimeout(address, `no answer within ${bounds.timeoutMs} ms`, { outcome, cause });
  if (signal.aborted) {
    return bounds.write ? new ToolAborted(address, 'given up', { outcome, cause: signal.reason }) : signal.reason;
  }
  if (cause instanceof ToolError) return cause;
  if (cause instanceof McpError && cause.code !== ErrorCode.ConnectionClosed) {
    const failure = { code: `Rpc${Math.abs(cause.code)}`, reason: failureText(cause.message) };
    return new ToolFailed(address, failure, { outcome: notCarriedOut.has(cause.code) ? 'NotDone' : outcome, cause });
  }
  return nameTransportFailure(address, outcome, cause);
}

/** What a transport throws that goes through the dialer. */
function nameTransportFailure(address: ToolAddress, outcome: ToolOutcome, cause: unknown): ToolError {
  const words = failureText(cause instanceof Error ? cause.message : String(cause));
  if (cause instanceof DialError && cause.code === 'ResponseTooLarge') {
    return new ToolAnswerTooLarge(address, words, { outcome, cause });
  }
  if (cause instanceof DialError && cause.code === 'DialTimeout')
    return new ToolTimeout(address, words, { outcome, cause });
  // Refused before anything was sent.
  if (cause instanceof HostRefusedError) return new ToolUnavailable(address, words, { cause });
  return new ToolUnavailable(address, words, { outcome, cause });
}
