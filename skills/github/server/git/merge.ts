import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBlob, writeBlob } from './objects.ts';
import { callGit, gitText, type Git } from './run.ts';

export interface Merged {
  /** The merged tree; undefined where something conflicts. */
  readonly tree: string | undefined;
  readonly conflicts: readonly string[];
}

interface Stages {
  /** By stage: 1 the base, 2 ours, 3 theirs. */
  readonly blobs: Map<number, { readonly mode: string; readonly blob: string }>;
}

/** A three-way merge of trees in an index of its own; no renames, no merge drivers, so a clean answer is certain. */
export async function mergeTrees(git: Git, base: string, ours: string, theirs: string): Promise<Merged> {
  const env = { GIT_INDEX_FILE: join(git.folder, 'threehops-merge-index') };
  await gitText(git, ['read-tree', '-i', '-m', '--aggressive', base, ours, theirs], { env });
  const unmerged = await unmergedPaths(git, env);
  const conflicts: string[] = [];
  const lines: string[] = [];
  for (const [path, stages] of unmerged) {
    const line = await mergeFile(git, path, stages);
    if (line === undefined) conflicts.push(path);
    else lines.push(`${line}\0`);
  }
  if (conflicts.length > 0) return { tree: undefined, conflicts };
  if (lines.length > 0) await gitText(git, ['update-index', '-z', '--index-info'], { env, input: lines.join('') });
  return { tree: await gitText(git, ['write-tree'], { env }), conflicts };
}

async function unmergedPaths(git: Git, env: Record<string, string>): Promise<ReadonlyMap<string, Stages>> {
  const listed = await gitText(git, ['ls-files', '--unmerged', '-z'], { env });
  const paths = new Map<string, Stages>();
  for (const line of listed.split('\0')) {
    const [meta, path] = line.split('\t', 2);
    const [mode, blob, stage] = (meta ?? '').split(' ');
    if (path === undefined || mode === undefined || blob === undefined) continue;
    const stages = paths.get(path) ?? { blobs: new Map() };
    stages.blobs.set(Number(stage), { mode, blob });
    paths.set(path, stages);
  }
  return paths;
}

/** The index line of the merged file; undefined for a conflict, or where a side deleted, added or changed the kind of the file. */
async function mergeFile(git: Git, path: string, { blobs }: Stages): Promise<string | undefined> {
  const [base, ours, theirs] = [blobs.get(1), blobs.get(2), blobs.get(3)];
  if (base === undefined || ours === undefined || theirs === undefined) return undefined;
  if (!ours.mode.startsWith('100') || ours.mode !== theirs.mode) return undefined;
  const sides = [ours, base, theirs];
  const files = sides.map((_, index) => join(git.folder, `threehops-side-${index}`));
  for (const [index, side] of sides.entries()) await writeFile(files[index] ?? '', await readBlob(git, side.blob));
  const conflicting = Array.from({ length: 127 }, (_, index) => index + 1);
  // 255 is git's word for "cannot merge" (binary files), which is a conflict too.
  const { exitCode, stdout } = await callGit(git, ['merge-file', '-p', '-q', ...files], {
    accept: [...conflicting, 255],
  });
  return exitCode === 0 ? `${ours.mode} ${await writeBlob(git, stdout)} 0\t${path}` : undefined;
}
