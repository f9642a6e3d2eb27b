import type { Clock } from '../kube/clock.ts';
import { runChecks, type ChecksRequest, type ChecksResult } from './run-checks.ts';
import type { Sandbox, SandboxUnavailable } from './sandbox.ts';

/** Runs a repository's own checks where they can harm nothing. */
export interface CheckRunner {
  /** Undefined when checks can be run; looked at anew with each call. */
  available(signal: AbortSignal): Promise<SandboxUnavailable | undefined>;
  /** All checks on one tree, each finding what the one before it left. @throws SandboxError, TreeTooLarge, BadTreePath, the signal's reason. */
  run(request: ChecksRequest, signal: AbortSignal): Promise<ChecksResult>;
}

/** The tree is larger than this sandbox takes. */
export class TreeTooLarge extends Error {
  constructor(bytes: number, most: number, what: string) {
    super(`the tree comes to ${mebibytes(bytes)} MiB ${what}, and ${mebibytes(most)} MiB are allowed`);
    this.name = 'TreeTooLarge';
  }
}

/** Rounded up, so that what is too large never reads as if it were not. */
function mebibytes(bytes: number): string {
  return (Math.ceil((bytes * 10) / 2 ** 20) / 10).toFixed(1);
}

/** Checks in a sandbox of this machine, on a tree that is laid out here. */
export function checksOnThisMachine(sandbox: Sandbox, clock: Clock): CheckRunner {
  return {
    available: (signal) => sandbox.available(signal),
    run: (request, signal) => runChecks(sandbox, request, clock, signal),
  };
}
