import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import { gitEnvironment } from '../git/git.ts';
import type { Forge } from '../forge.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Octokit as a user of GitHub Enterprise would set it up. */
export function octokitFor(forge: Forge, token: string): Octokit {
  return new Octokit({ baseUrl: forge.apiUrl, auth: token, log: quiet });
}

const execute = promisify(execFile);

/** What a git command on the client's side printed, and how it ended. */
export interface GitResult {
  readonly code: number;
  readonly output: string;
}

/** Runs the client's git in a folder; never throws for its exit code. */
export async function clientGit(cwd: string, ...args: readonly string[]): Promise<GitResult> {
  const identity = ['-c', 'user.name=Tester', '-c', 'user.email=tester@lab.localhost'];
  try {
    const { stdout, stderr } = await execute('git', [...identity, ...args], { cwd, env: gitEnvironment() });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code = 1, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: Number(code), output: stdout + stderr };
  }
}

/** The clone URL with the token in it. */
export function urlWithToken(forge: Forge, fullName: string, token: string): string {
  return forge.cloneUrl(fullName).replace('http://', `http://x-access-token:${token}@`);
}
