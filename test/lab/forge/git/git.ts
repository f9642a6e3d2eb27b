import { callGit } from './runners.ts';

/** A git command that ended with a code other than 0. */
export class GitFailed extends Error {
  readonly code: number | null;
  readonly stderr: string;

  constructor(args: readonly string[], code: number | null, stderr: string) {
    super(`git ${args.join(' ')} ended with ${code ?? 'a signal'}: ${stderr.trim()}`);
    this.name = 'GitFailed';
    this.code = code;
    this.stderr = stderr;
  }
}

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** git, run in one repository for as long as the forge lives. */
export interface Git {
  readonly path: string;
  /** Standard output without its last newline. @throws GitFailed */
  text(args: readonly string[], options?: GitOptions): Promise<string>;
  /** @throws GitFailed */
  bytes(args: readonly string[], options?: GitOptions): Promise<Buffer>;
  /** Standard output, or undefined when git answers a code other than 0. */
  maybe(args: readonly string[], options?: GitOptions): Promise<string | undefined>;
}

/** Nothing of the machine's or the user's git configuration, and no hook, may change what the forge does. */
export function gitEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '4',
    GIT_CONFIG_KEY_0: 'core.hooksPath',
    GIT_CONFIG_VALUE_0: '/dev/null',
    GIT_CONFIG_KEY_1: 'gc.auto',
    GIT_CONFIG_VALUE_1: '0',
    GIT_CONFIG_KEY_2: 'safe.directory',
    GIT_CONFIG_VALUE_2: '*',
    GIT_CONFIG_KEY_3: 'advice.detachedHead',
    GIT_CONFIG_VALUE_3: 'false',
  };
}

export function gitIn(path: string, signal: AbortSignal): Git {
  const bytes = (args: readonly string[], options: GitOptions = {}): Promise<Buffer> =>
    run(path, args, signal, options);
  const text = async (args: readonly string[], options?: GitOptions): Promise<string> =>
    (await bytes(args, options)).toString('utf8').replace(/\n$/, '');
  const maybe = async (args: readonly string[], options?: GitOptions): Promise<string | undefined> => {
    try {
      return await text(args, options);
    } catch (error) {
      if (error instanceof GitFailed) return undefined;
      throw error;
    }
  };
  return { path, text, bytes, maybe };
}

async function run(cwd: string, args: readonly string[], signal: AbortSignal, options: GitOptions): Promise<Buffer> {
  const env = { ...gitEnvironment(), ...options.env };
  const { code, stdout, stderr, error } = await callGit({ cwd, args, env, input: options.input ?? '' }, signal);
  if (error !== undefined) throw new Error(`git cannot be run: ${error}`);
  if (code !== 0) throw new GitFailed(args, code, stderr);
  return Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength);
}
