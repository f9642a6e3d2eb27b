/** A command to be run where it can harm nothing. */
export interface SandboxRequest {
  /** The argument vector; no shell reads it. */
  readonly command: readonly string[];
  /** A folder of the caller's, given away to the sandbox's user: the one thing that may be written, seen as /workspace. */
  readonly workdir: string;
  readonly timeoutMs: number;
  readonly memoryMiB: number;
  /** How many processes and threads there may be at once. */
  readonly pids: number;
  /** There is no network, not even a loopback that anything listens on. */
  readonly network: 'None';
  /** All of the environment besides PATH, HOME, TMPDIR and LANG; never a credential. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders of ours to be seen, read-only, at `to`; everybody must be allowed to read them. */
  readonly readOnly?: readonly { readonly from: string; readonly to: string }[];
}

export interface SandboxResult {
  /** 128 + signal number for a command that was killed. */
  readonly exitCode: number;
  /** Standard output and error as they came, at most 64 KiB: the beginning and the end. Not redacted. */
  readonly output: string;
  readonly truncatedBytes: number;
  readonly timedOut: boolean;
  /** The kernel killed something for going over `memoryMiB`. */
  readonly oomKilled: boolean;
}

/** Why commands cannot be run safely on this machine. */
export type SandboxObstacle = 'NoBubblewrap' | 'BubblewrapFails' | 'NoSetpriv' | 'NoCgroups' | 'NotLinux';

export interface SandboxUnavailable {
  readonly obstacle: SandboxObstacle;
  readonly reason: string;
}

/** Thrown by `run` where `available` would have said so, or when the sandbox itself broke. */
export class SandboxError extends Error {
  readonly obstacle: SandboxObstacle;
  constructor({ obstacle, reason }: SandboxUnavailable, options?: ErrorOptions) {
    super(`${obstacle}: ${reason}`, options);
    this.name = 'SandboxError';
    this.obstacle = obstacle;
  }
}

export interface Sandbox {
  /** Undefined when commands can be run; looked at anew with each call. */
  available(signal: AbortSignal): Promise<SandboxUnavailable | undefined>;
  /** @throws SandboxError; the signal's reason, with everything killed. A command that fails is a result. */
  run(request: SandboxRequest, signal: AbortSignal): Promise<SandboxResult>;
}
