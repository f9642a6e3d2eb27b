import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { optionalTexts, paging, text } from '../args.ts';
import type { GitHubBackend } from '../backend.ts';
import { commitAnswer } from '../answers.ts';
import { input, listOf, output, pagination, sha, string } from '../schema.ts';

export const commitSchema = output({ sha, html_url: string, commit: { type: 'object' } });

export const listCommits: ToolDefinition<GitHubBackend> = {
  name: 'list_commits',
  description: 'Get the commits of a branch, newest first',
  access: 'Read',
  input: input({ sha: string, author: string, path: string, since: string, until: string, ...pagination }),
  output: listOf(commitSchema),
  async handle(args, { backend, signal }) {
    const filters = optionalTexts(args, ['sha', 'author', 'path', 'since', 'until']);
    const { data } = await backend.octokit.rest.repos.listCommits({
      owner: text(args, 'owner'),
      repo: text(args, 'repo'),
      ...filters,
      ...paging(args),
      request: { signal },
    });
    return data.map((commit) => commitAnswer(commit, false));
  },
};
