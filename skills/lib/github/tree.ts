import type { Tools } from '../../skill.ts';
import { mapLimited } from '../map-limited.ts';
import { type FolderEntry, listFolder, readText } from './files.ts';
import { parseRepository } from './repository.ts';

const maxFiles = 2_000;
const atOnce = 8;

/** The repository is larger than is laid out for its checks. */
export class TreeTooLarge extends Error {
  constructor(repository: string) {
    super(`${repository} has more than ${maxFiles} files`);
    this.name = 'TreeTooLarge';
  }
}

/**
 * All text files of a repository at a commit, by the read contract alone, so that any GitHub server serves. @throws ToolError,
 * TreeTooLarge.
 */
export async function readTree(
  tools: Tools,
  repository: string,
  ref: string,
  signal: AbortSignal,
): Promise<readonly { readonly path: string; readonly content: string }[]> {
  const source = { repository: parseRepository(repository), ref };
  const files: FolderEntry[] = [];
  for (let folders = ['']; folders.length > 0;) {
    const listed = await mapLimited(folders, atOnce, (folder) => listFolder(tools, source, folder, signal));
    const entries = listed.flat();
    files.push(...entries.filter((entry) => entry.type === 'file'));
    if (files.length > maxFiles) throw new TreeTooLarge(repository);
    folders = entries.filter((entry) => entry.type === 'dir').map((entry) => entry.path);
  }
  return mapLimited(files, atOnce, async ({ path }) => ({
    path,
    content: (await readText(tools, source, path, signal)) ?? '',
  }));
}
