import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { integer, optionalTexts, text } from '../args.ts';
import { assertSessionBranch, assertWritable, type GitHubBackend } from '../backend.ts';
import { input, output, string } from '../schema.ts';

export const updatePullRequest: ToolDefinition<GitHubBackend> = {
  name: 'threehops_update_pull_request',
  description:
    'Replace title or body of an own pull request (its head is a threehops/* branch); the same text again changes nothing',
  access: 'Write',
  input: input(
    {
      number: { type: 'integer', minimum: 1 },
      title: { type: 'string', minLength: 1, maxLength: 256 },
      body: { type: 'string', maxLength: 65_536 },
    },
    ['number'],
  ),
  output: output({ number: { type: 'integer' }, url: string }),
  async handle(args, { backend, signal }) {
    const where = {
      owner: text(args, 'owner'),
      repo: text(args, 'repo'),
      pull_number: integer(args, 'number'),
      request: { signal },
    };
    assertWritable(backend, where.owner, where.repo);
    const { pulls } = backend.octokit.rest;
    assertSessionBranch((await pulls.get(where)).data.head.ref);
    const { data } = await pulls.update({ ...where, ...optionalTexts(args, ['title', 'body']) });
    return { number: data.number, url: data.html_url };
  },
};
