import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { integer, text } from '../args.ts';
import { assertWritable, type GitHubBackend } from '../backend.ts';
import { input, output, string } from '../schema.ts';

export const comment: ToolDefinition<GitHubBackend> = {
  name: 'threehops_comment',
  description:
    'Comment on a pull request or issue, once for each key: a repetition finds the comment and writes nothing',
  access: 'Write',
  input: input(
    {
      number: { type: 'integer', minimum: 1 },
      body: { type: 'string', minLength: 1, maxLength: 60_000 },
      key: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,128}$' },
    },
    ['number', 'body', 'key'],
  ),
  output: output({ id: { type: 'integer' }, url: string, created: { type: 'boolean' } }),
  async handle(args, { backend, signal }) {
    const where = {
      owner: text(args, 'owner'),
      repo: text(args, 'repo'),
      issue_number: integer(args, 'number'),
      request: { signal },
    };
    assertWritable(backend, where.owner, where.repo);
    const { paginate, rest } = backend.octokit;
    const marker = `<!-- threehops:${text(args, 'key')} -->`;
    // Oldest first, so that ours is on the last page of a long talk.
    const written = await paginate(rest.issues.listComments, { ...where, per_page: 100 });
    const found = written.find((one) => one.body?.includes(marker) === true);
    if (found !== undefined) return { id: found.id, url: found.html_url, created: false };
    const { data } = await rest.issues.createComment({ ...where, body: `${text(args, 'body')}\n\n${marker}` });
    return { id: data.id, url: data.html_url, created: true };
  },
};
