import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { text } from '../args.ts';
import { assertSessionBranch, assertWritable, type GitHubBackend } from '../backend.ts';
import { input, output, sessionBranch, string } from '../schema.ts';

export const createPullRequest: ToolDefinition<GitHubBackend> = {
  name: 'create_pull_request',
  description: 'Open a pull request from a threehops/* branch',
  access: 'Write',
  input: input(
    {
      title: { type: 'string', minLength: 1, maxLength: 256 },
      body: { type: 'string', maxLength: 65_536 },
      head: sessionBranch,
      base: string,
      draft: { type: 'boolean' },
      maintainer_can_modify: { type: 'boolean' },
    },
    ['title', 'head', 'base'],
  ),
  output: output({ id: string, url: string, number: { type: 'integer' } }, ['id', 'url']),
  async handle(args, { backend, signal }) {
    const owner = text(args, 'owner');
    const repo = text(args, 'repo');
    const head = text(args, 'head');
    assertWritable(backend, owner, repo);
    assertSessionBranch(head);
    const { data } = await backend.octokit.rest.pulls.create({
      owner,
      repo,
      head,
      title: text(args, 'title'),
      base: text(args, 'base'),
      ...(typeof args['body'] === 'string' ? { body: args['body'] } : {}),
      ...(typeof args['draft'] === 'boolean' ? { draft: args['draft'] } : {}),
      request: { signal },
    });
    return { id: String(data.id), url: data.html_url, number: data.number };
  },
};
