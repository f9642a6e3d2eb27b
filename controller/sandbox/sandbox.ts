import type { Readable, Writable } from 'node:stream';

/** A command to be started where it can harm nothing. */
export interface StartRequest {
  /** The argument vector; no shell reads it. */
  readonly command: readonly string[];
  /** A folder of the caller's, given away to the sandbox's user: the one thing that may be written, seen as /workspace. */
  readonly workdir: string;
  readonly memoryMiB: number;
  /** How many processes and threads there may be at once. */
  readonly pids: number;
  /** How many processors' worth of time there is, where control groups hold it; by default 2. */
  readonly cpus?: number;
  /** What its folder may take up, with what it held before; by default `usualDiskMiB`. /tmp counts as memory. */
  readonly diskMiB?: number;
  /** None: not even a loopback that anything listens on. Host: the machine's own, for what the platform itself configured. */
  readonly network: 'None' | 'Host';
  /** All of the environment besides PATH, HOME, TMPDIR and LANG; never a credential. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders of ours to be seen, read-only, at `to`; everybody must be allowed to read them. */
  readonly readOnly?: readonly { readonly from: string; readonly to: string }[];
}

export const usualDiskMiB = 1_024;

/** A command that comes to an end. */
export interface SandboxRequest extends StartRequest {
  readonly timeoutMs: number;
  readonly network: 'None';
}

/** A command that goes on; its standard error is let go. */
export interface SandboxedProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Its exit code, 128 + signal number when it was killed. */
  readonly exited: Promise<number>;
  /** Ends it and all that it started; resolves when they are gone. */
  kill(): Promise<void>;
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
  /** It was killed for going over `diskMiB`. */
  readonly diskExceeded?: true;
}

/** Why commands cannot be run safely on this machine. */
export type SandboxObstacle =
  | 'NoBubblewrap'
  | 'BubblewrapFails'
  | 'NoSetpriv'
  | 'NoCgroups'
  | 'NotLinux'
  | JobObstacle
  | PassingObstacle;

/** What keeps commands from running in a Job until somebody mends it. */
export type JobObstacle =
  | 'NoNamespace'
  | 'NotPermitted'
  | 'NotRestricted'
  | 'NetworkNotDenied'
  | 'NoWayToHosts'
  | 'NoRuntimeClass'
  | 'NetworkOpen'
  | 'NetworkUnproven'
  | 'TreeNotUnpacked';

/** What may be over by the next try: no room in the cluster, a quota in use, a node that went away. */
export type PassingObstacle = 'JobRefused' | 'JobNotStarted' | 'JobLost';

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
  /** Starts a command that goes on until it is killed or ends by itself. @throws SandboxError; the signal's reason. */
  start(request: StartRequest, signal: AbortSignal): Promise<SandboxedProcess>;
}
