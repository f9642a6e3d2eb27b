import type { JsonObject } from '../../../../controller/api/json.ts';
import type { TreeItem } from '../git/trees.ts';
import { base64Lines } from '../http/base64.ts';
import type { Repository } from '../world/repository.ts';
import type { World } from '../world/world.ts';
import { repositoryPage, repositoryUrl } from './repository.ts';

export interface Content {
  readonly world: World;
  readonly repository: Repository;
  /** With its path from the root. */
  readonly item: TreeItem;
  readonly ref: string;
}

/** A file or folder as a directory listing has it. */
export function contentItem({ world, repository, item, ref }: Content): JsonObject {
  const base = repositoryUrl(world, repository);
  const page = repositoryPage(world, repository);
  const path = encodeURI(item.path);
  const self = `${base}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = `${base}/git/${item.type}s/${item.sha}`;
  const html = `${page}/${item.type}/${ref}/${path}`;
  return {
    type: typeOf(item),
    name: item.path.slice(item.path.lastIndexOf('/') + 1),
    path: item.path,
    sha: item.sha,
    size: item.size ?? 0,
    url: self,
    git_url: git,
    html_url: html,
    download_url: item.type === 'blob' ? `${world.url}/raw/${repository.fullName}/${ref}/${path}` : null,
    _links: { self, git, html },
  };
}

/** A file with its content; a symbolic link names its target instead. */
export function contentFile(content: Content, bytes: Buffer): JsonObject {
  const item = contentItem(content);
  if (item['type'] === 'symlink') return { ...item, target: bytes.toString('utf8') };
  return { ...item, content: base64Lines(bytes), encoding: 'base64' };
}

function typeOf({ type, mode }: TreeItem): 'dir' | 'file' | 'symlink' | 'submodule' {
  if (type === 'tree') return 'dir';
  if (type === 'commit') return 'submodule';
  return mode === '120000' ? 'symlink' : 'file';
}
