import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { optionalTexts, paging, text } from '../args.ts';
import { pullAnswer } from '../answers.ts';
import type { GitHubBackend } from '../backend.ts';
import { input, listOf, output, pagination, string } from '../schema.ts';

export const pullSchema = output({
  number: { type: 'integer' },
  title: string,
  state: string,
  html_url: string,
  head: { type: 'object' },
});

export const listPullRequests: ToolDefinition<GitHubBackend> = {
  name: 'list_pull_requests',
  description: 'List pull requests; `head` is owner:branch',
  access: 'Read',
  input: input({
    state: { type: 'string', enum: ['open', 'closed', 'all'] },
    head: string,
    base: string,
    sort: { type: 'string', enum: ['created', 'updated', 'popularity', 'long-running'] },
    direction: { type: 'string', enum: ['asc', 'desc'] },
    ...pagination,
  }),
  output: listOf(pullSchema),
  async handle(args, { backend, signal }) {
    const filters = optionalTexts(args, ['state', 'head', 'base', 'sort', 'direction']);
    const { data } = await backend.octokit.rest.pulls.list({
      owner: text(args, 'owner'),
      repo: text(args, 'repo'),
      ...(filters as Parameters<typeof backend.octokit.rest.pulls.list>[0]),
      ...paging(args),
      request: { signal },
    });
    return data.map(pullAnswer);
  },
};
