import type { Json } from '../../../controller/api/json.ts';
import { ToolFailed } from '../../../controller/mcp/errors.ts';
import type { Tools } from '../../skill.ts';
import { isDefined, listOf, numberOf, objectOf, textOf } from '../reading.ts';
import type { Repository } from './repository.ts';

export interface FolderEntry {
  readonly path: string;
  readonly type: 'file' | 'dir' | 'other';
  readonly size: number;
}

/** A repository at a branch or commit. */
export interface Source {
  readonly repository: Repository;
  readonly ref: string;
}

/** A file's text; undefined where there is none. @throws TypeError when the path is a folder or the answer unreadable. */
export async function readText(
  tools: Tools,
  source: Source,
  path: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await contents(tools, source, path, signal);
  if (answer === undefined) return undefined;
  const text = objectOf(answer)['text'];
  if (typeof text !== 'string') throw new TypeError(`get_file_contents ${path} answered no text`);
  return text;
}

/** What a folder holds; empty where there is no such folder. */
export async function listFolder(
  tools: Tools,
  source: Source,
  path: string,
  signal: AbortSignal,
): Promise<readonly FolderEntry[]> {
  return listOf(await contents(tools, source, path, signal))
    .map(readEntry)
    .filter(isDefined);
}

async function contents(
  tools: Tools,
  { repository, ref }: Source,
  path: string,
  signal: AbortSignal,
): Promise<Json | undefined> {
  const at = /^[0-9a-f]{40}$/.test(ref) ? { sha: ref } : { ref: `refs/heads/${ref}` };
  try {
    return await tools.call('get_file_contents', { ...repository, path: path === '' ? '/' : path, ...at }, signal);
  } catch (error) {
    if (error instanceof ToolFailed && error.code === 'Http404') return undefined;
    throw error;
  }
}

function readEntry(value: Json): FolderEntry | undefined {
  const entry = objectOf(value);
  const path = textOf(entry['path']);
  if (path === undefined) return undefined;
  const type = entry['type'] === 'file' || entry['type'] === 'dir' ? entry['type'] : 'other';
  return { path, type, size: numberOf(entry['size']) ?? 0 };
}
