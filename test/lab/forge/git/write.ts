import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Person } from './commits.ts';
import type { Git } from './git.ts';

/** One path of a new tree; `sha: null` removes it. */
export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
}

export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
export const noObject = '0'.repeat(40);

export function writeBlob(git: Git, content: string | Uint8Array): Promise<string> {
  return git.text(['hash-object', '-w', '--stdin'], { input: content });
}

/** A tree made of another one with some paths changed. */
export async function writeTree(git: Git, base: string | undefined, entries: readonly TreeEntry[]): Promise<string> {
  const index = join(tmpdir(), `forge-index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git.text(['read-tree', base ?? emptyTree], { env });
    const lines = entries.map((entry) => indexLine(entry)).join('');
    await git.text(['update-index', '-z', '--index-info'], { env, input: lines });
    return await git.text(['write-tree'], { env });
  } finally {
    rmSync(index, { force: true });
  }
}

function indexLine({ path, mode, sha }: TreeEntry): string {
  return sha === null ? `0 ${noObject}\t${path}\0` : `${mode} ${sha}\t${path}\0`;
}

export function writeCommit(git: Git, commit: NewCommit): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  return git.text(['commit-tree', commit.tree, ...parents], {
    input: commit.message,
    env: { ...personEnvironment('AUTHOR', commit.author), ...personEnvironment('COMMITTER', commit.committer) },
  });
}

function personEnvironment(role: 'AUTHOR' | 'COMMITTER', person: Person): Record<string, string> {
  return {
    [`GIT_${role}_NAME`]: person.name,
    [`GIT_${role}_EMAIL`]: person.email,
    [`GIT_${role}_DATE`]: person.date,
  };
}

/** Compare and swap: false when the ref is not at `before` any more (`noObject`: it must not exist). */
export async function updateRef(git: Git, ref: string, after: string, before: string): Promise<boolean> {
  return (await git.maybe(['update-ref', ref, after, before])) !== undefined;
}

export async function deleteRef(git: Git, ref: string, before: string): Promise<boolean> {
  return (await git.maybe(['update-ref', '-d', ref, before])) !== undefined;
}
