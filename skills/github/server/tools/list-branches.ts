import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { paging, text } from '../args.ts';
import type { GitHubBackend } from '../backend.ts';
import { input, listOf, output, pagination, sha, string } from '../schema.ts';

export const listBranches: ToolDefinition<GitHubBackend> = {
  name: 'list_branches',
  description: 'List the branches of a repository',
  access: 'Read',
  input: input({ ...pagination }),
  output: listOf(output({ name: string, sha, protected: { type: 'boolean' } })),
  async handle(args, { backend, signal }) {
    const where = { owner: text(args, 'owner'), repo: text(args, 'repo'), ...paging(args), request: { signal } };
    const { data } = await backend.octokit.rest.repos.listBranches(where);
    return data.map((branch) => ({ name: branch.name, sha: branch.commit.sha, protected: branch.protected }));
  },
};
