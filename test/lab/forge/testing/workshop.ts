import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Forge, startForge } from '../forge.ts';
import type { ForgeOptions } from '../options.ts';
import { clientGit, type GitResult, urlWithToken } from './client.ts';

/** A forge for a test, with a folder for clones; both are gone after `stop`. */
export interface Workshop {
  readonly forge: Forge;
  readonly folder: string;
  clone(fullName: string, token: string): Promise<Clone>;
  stop(): Promise<void>;
}

export interface Clone {
  readonly folder: string;
  git(...args: readonly string[]): Promise<GitResult>;
  /** Writes files, commits, and answers the sha. */
  commit(message: string, files: Readonly<Record<string, string>>): Promise<string>;
}

export async function openWorkshop(options: Partial<ForgeOptions> = {}): Promise<Workshop> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-test-'));
  const forge = await startForge({ dataDir: join(folder, 'data'), signal: new AbortController().signal, ...options });
  return {
    forge,
    folder,
    clone: async (fullName, token) => {
      const target = mkdtempSync(join(folder, 'clone-'));
      const { code, output } = await clientGit(target, 'clone', '-q', urlWithToken(forge, fullName, token), '.');
      if (code !== 0) throw new Error(output);
      return cloneIn(target);
    },
    stop: async () => {
      await forge.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function cloneIn(folder: string): Clone {
  const git = (...args: readonly string[]): Promise<GitResult> => clientGit(folder, ...args);
  return {
    folder,
    git,
    commit: async (message, files) => {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      await git('add', '-A');
      const { code, output } = await git('commit', '-qm', message);
      if (code !== 0) throw new Error(output);
      return (await git('rev-parse', 'HEAD')).output.trim();
    },
  };
}
