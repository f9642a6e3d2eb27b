import type { Git } from './git.ts';

export type FileStatus = 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';

export interface FileDiff {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: FileStatus;
  /** Blob before and after; all zeros where there is none. */
  readonly before: string;
  readonly after: string;
  readonly additions: number;
  readonly deletions: number;
  /** The hunks; undefined for binary files and pure renames. */
  readonly patch: string | undefined;
}

const statuses: Readonly<Record<string, FileStatus>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

/** What differs between two trees, in the order of git, renames found. */
export async function diffTrees(git: Git, from: string, to: string): Promise<FileDiff[]> {
  const raw = await git.bytes(['diff-tree', '-r', '-M', '-z', '--raw', '--abbrev=40', from, to]);
  const patches = splitPatches(
    await git.text(['diff-tree', '-r', '-M', '-p', '--no-color', '--src-prefix=a/', '--dst-prefix=b/', from, to]),
  );
  return parseRaw(raw.toString('utf8')).map((entry, index) => ({ ...entry, ...countLines(patches[index] ?? '') }));
}

type Entry = Omit<FileDiff, 'additions' | 'deletions' | 'patch'>;

function parseRaw(output: string): Entry[] {
  const tokens = output.split('\0');
  const entries: Entry[] = [];
  for (let at = 0; at + 1 < tokens.length;) {
    const [, , before = '', after = '', letter = ''] = (tokens[at] ?? '').split(' ');
    const status = statuses[letter.charAt(0)] ?? 'changed';
    const moved = status === 'renamed' || status === 'copied';
    const path = tokens[at + (moved ? 2 : 1)] ?? '';
    entries.push({ path, previousPath: moved ? tokens[at + 1] : undefined, status, before, after });
    at += moved ? 3 : 2;
  }
  return entries;
}

/** A line of content never begins with "diff", as it has a sign or a blank before it. */
function splitPatches(output: string): string[] {
  return output === '' ? [] : output.split(/^diff --git .*\n/m).slice(1);
}

function countLines(section: string): Pick<FileDiff, 'additions' | 'deletions' | 'patch'> {
  const start = section.search(/^@@ /m);
  if (start < 0) return { additions: 0, deletions: 0, patch: undefined };
  const patch = section.slice(start).replace(/\n$/, '');
  const lines = patch.split('\n');
  const starting = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length;
  return { additions: starting('+'), deletions: starting('-'), patch };
}
