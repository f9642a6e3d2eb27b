import { GitHubToolError } from '../errors.ts';
import { fetchCommit } from './objects.ts';
import { callGit, type Git } from './run.ts';
import { readTree } from './tree.ts';

export interface TreeText {
  readonly path: string;
  readonly executable: boolean;
  /** The content in base64. */
  readonly base64: string;
}

const mostFiles = 4_000;
const mostBytes = 2_500_000;

/** All plain files of a commit. @throws GitHubToolError TooLarge for more than 4,000 files or 2.5 MB. */
export async function filesOf(
  git: Git,
  sha: string,
): Promise<{ files: readonly TreeText[]; skipped: readonly string[] }> {
  const { tree } = await fetchCommit(git, sha);
  const entries = [...(await readTree(git, tree))];
  const plain = entries.filter(([, { mode }]) => mode.startsWith('100'));
  if (plain.length > mostFiles) throw new GitHubToolError('TooLarge', `${plain.length} files`);
  const contents = await blobs(
    git,
    plain.map(([, { blob }]) => blob),
  );
  const files = plain.map(([path, { mode }], index) => ({
    path,
    executable: mode === '100755',
    base64: (contents[index] ?? Buffer.alloc(0)).toString('base64'),
  }));
  return { files, skipped: entries.filter(([, { mode }]) => !mode.startsWith('100')).map(([path]) => path) };
}

/** The blobs' contents by one `git cat-file --batch`, whose answer is `<id> blob <size>\n<content>\n` for each. */
async function blobs(git: Git, ids: readonly string[]): Promise<readonly Buffer[]> {
  const { stdout } = await callGit(git, ['cat-file', '--batch'], { input: ids.map((id) => `${id}\n`).join('') });
  if (stdout.length > mostBytes) throw new GitHubToolError('TooLarge', `${stdout.length} bytes of files`);
  const contents: Buffer[] = [];
  for (let at = 0; at < stdout.length;) {
    const lineEnd = stdout.indexOf('\n', at);
    const size = Number(stdout.subarray(at, lineEnd).toString('utf8').split(' ')[2]);
    contents.push(stdout.subarray(lineEnd + 1, lineEnd + 1 + size));
    at = lineEnd + 1 + size + 1;
  }
  return contents;
}
