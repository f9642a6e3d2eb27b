import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../kube/clock.ts';
import { removeWritten } from './give-away.ts';
import type { Sandbox, SandboxResult } from './sandbox.ts';

/** A file of a repository's tree. Links and submodules are no files, and are not laid out. */
export interface TreeFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly executable?: boolean;
}

/** A change to the tree; null deletes. */
export interface TreeEdit {
  readonly path: string;
  readonly content: string | null;
}

export interface ChecksRequest {
  readonly files: readonly TreeFile[];
  readonly edits: readonly TreeEdit[];
  /** Commands as argument vectors, run in this order until one fails. */
  readonly checks: readonly (readonly string[])[];
  /** Who asks, for people who look at what runs: `<namespace>/<name>` of a session. */
  readonly session?: string;
  /** Of each command on this machine; by default two minutes, 1 GiB and 256 processes. A Job's are the configuration's. */
  readonly limits?: { readonly timeoutMs?: number; readonly memoryMiB?: number; readonly pids?: number };
}

export interface CheckRun extends SandboxResult {
  readonly command: readonly string[];
  readonly seconds: number;
}

export interface ChecksResult {
  /** All of them ran and ended with 0. */
  readonly passed: boolean;
  readonly runs: readonly CheckRun[];
}

/** Thrown for a path that leaves the folder. */
export class BadTreePath extends Error {
  constructor(path: string) {
    super(`${JSON.stringify(path)} is no path of a repository`);
    this.name = 'BadTreePath';
  }
}

/**
 * Lays the tree with its edits out in a folder of its own and runs the commands there, in the sandbox.
 * @throws SandboxError, BadTreePath, the signal's reason.
 */
export async function runChecks(
  sandbox: Sandbox,
  request: ChecksRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<ChecksResult> {
  const files = edited(request);
  // The parent stays closed to everybody, so that nobody else on the machine sees the code.
  const folder = await mkdtemp(join(tmpdir(), 'threehops-checks-'));
  const workdir = join(folder, 'tree');
  try {
    await layOut(workdir, files, signal);
    return await runAll(sandbox, workdir, request, clock, signal);
  } finally {
    await removeWritten(folder);
  }
}

/** The tree with its edits laid over it. */
export function edited({ files, edits }: Pick<ChecksRequest, 'files' | 'edits'>): readonly TreeFile[] {
  const tree = new Map(files.map((file) => [file.path, file]));
  for (const { path, content } of edits) {
    if (content === null) tree.delete(path);
    else tree.set(path, { ...tree.get(path), path, content });
  }
  return [...tree.values()];
}

async function layOut(folder: string, files: readonly TreeFile[], signal: AbortSignal): Promise<void> {
  await mkdir(folder);
  for (const { path, content, executable } of files) {
    signal.throwIfAborted();
    assertInside(path);
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { flag: 'wx', mode: executable === true ? 0o755 : 0o644 });
  }
}

/** @throws BadTreePath */
export function assertInside(path: string): void {
  const bad = path
    .split('/')
    .some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
  if (bad || path.includes('\0')) throw new BadTreePath(path);
}

/** What checks find in their environment besides the sandbox's own. */
export const checkEnv = { CI: 'true', NO_COLOR: '1', npm_config_update_notifier: 'false' };

async function runAll(
  sandbox: Sandbox,
  workdir: string,
  { checks, limits = {} }: ChecksRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<ChecksResult> {
  const runs: CheckRun[] = [];
  const bounds = { timeoutMs: 120_000, memoryMiB: 1_024, pids: 256, ...limits };
  for (const command of checks) {
    const began = clock.monotonicMs();
    const result = await sandbox.run({ command, workdir, env: checkEnv, network: 'None', ...bounds }, signal);
    runs.push({ ...result, command, seconds: (clock.monotonicMs() - began) / 1000 });
    if (result.exitCode !== 0) break;
  }
  return { passed: runs.length === checks.length && runs.every(({ exitCode }) => exitCode === 0), runs };
}
