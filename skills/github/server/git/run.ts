import { execFile } from 'node:child_process';
import { GitHubToolError } from '../errors.ts';

/** A git repository of our own that lives as long as one tool call. */
export interface Git {
  readonly binary: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** The remote's URL, without credentials. */
  readonly url: string;
}

export interface GitCall {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are an answer and not a failure. */
  readonly accept?: readonly number[];
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
}

const timeoutMs = 60_000;
const maxBytes = 32 * 1024 * 1024;

/** Runs git once: at most 60 s and 32 MiB of output. @throws GitHubToolError GitFailed, with git's own last words. */
export function callGit(git: Git, args: readonly string[], call: GitCall = {}): Promise<GitAnswer> {
  const options = {
    cwd: git.folder,
    env: { ...git.env, ...call.env },
    signal: git.signal,
    timeout: timeoutMs,
    killSignal: 'SIGKILL' as const,
    maxBuffer: maxBytes,
    encoding: 'buffer' as const,
  };
  return new Promise((resolve, reject) => {
    const child = execFile(git.binary, [...args], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === 'number' && (exitCode === 0 || call.accept?.includes(exitCode) === true)) {
        resolve({ exitCode, stdout });
      } else {
        reject(failed(args, stderr, error));
      }
    });
    // A git that ends before it read its input closes the pipe; its exit code says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(call.input ?? '');
  });
}

function failed(args: readonly string[], stderr: Buffer, cause: Error | null): GitHubToolError {
  const words = stderr.toString('utf8').trim().split('\n').slice(-3).join(' ').slice(0, 500);
  return new GitHubToolError('GitFailed', `git ${args[0] ?? ''}: ${words}`, { cause });
}

/** Standard output as text, without its last line end. */
export async function gitText(git: Git, args: readonly string[], call: GitCall = {}): Promise<string> {
  const { stdout } = await callGit(git, args, call);
  return stdout.toString('utf8').replace(/\n$/, '');
}
