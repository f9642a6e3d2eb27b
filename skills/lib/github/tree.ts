import { ToolRefused, ToolUnavailable } from '../../../controller/mcp/errors.ts';
import type { Tools } from '../../skill.ts';
import { mapLimited } from '../map-limited.ts';
import { listOf, objectOf, textOf } from '../reading.ts';
import { type FolderEntry, listFolder, readText, type Source } from './files.ts';
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

export interface RepositoryFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly executable?: boolean;
}

/**
 * All files of a repository at a commit: in one call, with their modes, from our own server; by the read contract alone, file by file
 * and as text, from any other. @throws ToolError, TreeTooLarge.
 */
export async function readTree(
  tools: Tools,
  repository: string,
  ref: string,
  signal: AbortSignal,
): Promise<readonly RepositoryFile[]> {
  const source = { repository: parseRepository(repository), ref };
  return (await inOneCall(tools, source, signal)) ?? (await fileByFile(tools, source, signal));
}

/** Undefined where the server has no such tool, or it may not be called. */
async function inOneCall(
  tools: Tools,
  { repository, ref }: Source,
  signal: AbortSignal,
): Promise<readonly RepositoryFile[] | undefined> {
  if (!/^[0-9a-f]{40}$/.test(ref)) return undefined;
  try {
    const answer = objectOf(await tools.call('threehops_read_tree', { ...repository, sha: ref }, signal));
    return listOf(answer['files']).map((one) => {
      const { path, base64, executable } = objectOf(one);
      return {
        path: textOf(path) ?? '',
        content: Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64'),
        executable: executable === true,
      };
    });
  } catch (error) {
    if (error instanceof ToolRefused || error instanceof ToolUnavailable) return undefined;
    throw error;
  }
}

async function fileByFile(tools: Tools, source: Source, signal: AbortSignal): Promise<readonly RepositoryFile[]> {
  const files: FolderEntry[] = [];
  for (let folders = ['']; folders.length > 0;) {
    const listed = await mapLimited(folders, atOnce, (folder) => listFolder(tools, source, folder, signal));
    const entries = listed.flat();
    files.push(...entries.filter((entry) => entry.type === 'file'));
    if (files.length > maxFiles) throw new TreeTooLarge(`${source.repository.owner}/${source.repository.repo}`);
    folders = entries.filter((entry) => entry.type === 'dir').map((entry) => entry.path);
  }
  return mapLimited(files, atOnce, async ({ path }) => ({
    path,
    content: (await readText(tools, source, path, signal)) ?? '',
  }));
}
