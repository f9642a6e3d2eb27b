import type { Git } from './git.ts';

export interface TreeItem {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  /** Of a blob, in bytes. */
  readonly size: number | undefined;
  readonly path: string;
}

/** What is directly in a tree, or with `recursive` in all that is under it as well. */
export async function listTree(git: Git, tree: string, recursive: boolean): Promise<TreeItem[]> {
  const output = await git.text(['ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), tree]);
  return output
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', sha = '', size = ''] = line.slice(0, tab).split(/ +/);
      const bytes = size === '-' ? undefined : Number(size);
      return { mode, type: type as TreeItem['type'], sha, size: bytes, path: line.slice(tab + 1) };
    });
}

/** The item at a path of a commit or tree; undefined when there is none. The empty path is the tree itself. */
export async function treeItemAt(git: Git, revision: string, path: string): Promise<TreeItem | undefined> {
  if (path === '') {
    const sha = await git.maybe(['rev-parse', '--verify', '--quiet', `${revision}^{tree}`]);
    return sha === undefined ? undefined : { mode: '040000', type: 'tree', sha, size: undefined, path };
  }
  const slash = path.lastIndexOf('/');
  const parent = `${revision}:${path.slice(0, Math.max(0, slash))}`;
  const sha = await git.maybe(['rev-parse', '--verify', '--quiet', parent]);
  if (sha === undefined || (await git.text(['cat-file', '-t', sha])) === 'blob') return undefined;
  const items = await listTree(git, parent, false);
  const found = items.find((item) => item.path === path.slice(slash + 1));
  return found === undefined ? undefined : { ...found, path };
}
