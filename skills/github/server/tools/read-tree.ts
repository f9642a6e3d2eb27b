import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { text } from '../args.ts';
import type { GitHubBackend } from '../backend.ts';
import { filesOf } from '../git/files.ts';
import { withScratch } from '../git/scratch.ts';
import { input, listOf, output, sha, string } from '../schema.ts';

export const readTreeTool: ToolDefinition<GitHubBackend> = {
  name: 'threehops_read_tree',
  description: 'All plain files of a commit with their content in base64; links and submodules are named as skipped',
  access: 'Read',
  input: input({ sha }, ['sha']),
  output: output({
    sha,
    files: listOf(output({ path: string, executable: { type: 'boolean' }, base64: string })),
    skipped: listOf(string),
  }),
  async handle(args, { backend, signal }) {
    const repository = { owner: text(args, 'owner'), repo: text(args, 'repo') };
    const commit = text(args, 'sha');
    const { files, skipped } = await withScratch(backend, repository, signal, (git) => filesOf(git, commit));
    return { sha: commit, files: files.map((file) => ({ ...file })), skipped };
  },
};
