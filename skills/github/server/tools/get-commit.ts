import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { paging, text } from '../args.ts';
import { commitAnswer } from '../answers.ts';
import type { GitHubBackend } from '../backend.ts';
import { input, pagination, string } from '../schema.ts';
import { commitSchema } from './list-commits.ts';

export const getCommit: ToolDefinition<GitHubBackend> = {
  name: 'get_commit',
  description: 'Get a commit with its files and their diffs',
  access: 'Read',
  input: input({ sha: string, include_diff: { type: 'boolean', default: true }, ...pagination }, ['sha']),
  output: commitSchema,
  async handle(args, { backend, signal }) {
    const { data } = await backend.octokit.rest.repos.getCommit({
      owner: text(args, 'owner'),
      repo: text(args, 'repo'),
      ref: text(args, 'sha'),
      ...paging(args),
      request: { signal },
    });
    return commitAnswer(data, args['include_diff'] !== false);
  },
};
