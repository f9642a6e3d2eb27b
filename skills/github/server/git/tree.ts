import { join } from 'node:path';
import type { FileEdit } from '../../../skill.ts';
import { GitHubToolError } from '../errors.ts';
import { writeBlob } from './objects.ts';
import { gitText, type Git } from './run.ts';

export interface TreeEntry {
  readonly mode: string;
  readonly blob: string;
}

const regular = new Set(['100644', '100755']);

/** All files of a tree by path. */
export async function readTree(git: Git, tree: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const listed = await gitText(git, ['ls-tree', '-r', '-z', '--full-tree', tree]);
  const entries = new Map<string, TreeEntry>();
  for (const line of listed.split('\0')) {
    const [meta, path] = line.split('\t', 2);
    const [mode, , blob] = (meta ?? '').split(' ');
    if (path !== undefined && mode !== undefined && blob !== undefined) entries.set(path, { mode, blob });
  }
  return entries;
}

/** The tree that `edits` make of `base`. A file keeps its mode; a new one is a plain file. */
export async function editTree(git: Git, base: string, edits: readonly FileEdit[]): Promise<string> {
  const before = await readTree(git, base);
  const lines: string[] = [];
  for (const edit of edits) lines.push(await indexLine(git, before.get(edit.path), edit));
  return treeOf(git, base, lines);
}

async function indexLine(git: Git, before: TreeEntry | undefined, { path, content }: FileEdit): Promise<string> {
  assertPlainPath(path);
  if (before !== undefined && !regular.has(before.mode)) {
    throw new GitHubToolError('BadPath', `${path} is a link or a submodule, which is not edited`);
  }
  if (content === null) return removal(path);
  return `${before?.mode ?? '100644'} ${await writeBlob(git, content)} 0\t${path}`;
}

export function removal(path: string): string {
  return `0 ${'0'.repeat(40)} 0\t${path}`;
}

/** Lines are those of `git update-index --index-info`. */
export async function treeOf(git: Git, base: string, lines: readonly string[]): Promise<string> {
  const env = { GIT_INDEX_FILE: join(git.folder, 'threehops-index') };
  await gitText(git, ['read-tree', base], { env });
  if (lines.length > 0) {
    await gitText(git, ['update-index', '-z', '--index-info'], {
      env,
      input: lines.map((line) => `${line}\0`).join(''),
    });
  }
  return gitText(git, ['write-tree'], { env });
}

/** @throws GitHubToolError BadPath for what git would not store or what leaves the repository. */
export function assertPlainPath(path: string): void {
  const parts = path.split('/');
  const bad = parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
  const control = Buffer.from(path).some((byte) => byte < 32);
  if (bad || control || path.length > 1024) throw new GitHubToolError('BadPath', JSON.stringify(path));
}
