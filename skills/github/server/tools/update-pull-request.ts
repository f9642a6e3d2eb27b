import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { integer, optionalTexts, text } from '../args.ts';
import { assertSessionBranch, assertWritable, type GitHubBackend } from '../backend.ts';
import { input, output, string } from '../schema.ts';

/** REST cannot make a draft ready, or a ready one a draft. */
const mutations = {
  ready:
    'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }',
  draft: 'mutation ($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } } }',
} as const;

export const updatePullRequest: ToolDefinition<GitHubBackend> = {
  name: 'threehops_update_pull_request',
  description:
    'Replace title, body or draft of an own pull request (its head is a threehops/* branch); the same again changes nothing',
  access: 'Write',
  input: input(
    {
      number: { type: 'integer', minimum: 1 },
      title: { type: 'string', minLength: 1, maxLength: 256 },
      body: { type: 'string', maxLength: 65_536 },
      draft: { type: 'boolean' },
    },
    ['number'],
  ),
  output: output({ number: { type: 'integer' }, url: string, draft: { type: 'boolean' } }),
  async handle(args, { backend, signal }) {
    const where = {
      owner: text(args, 'owner'),
      repo: text(args, 'repo'),
      pull_number: integer(args, 'number'),
      request: { signal },
    };
    assertWritable(backend, where.owner, where.repo);
    const { pulls } = backend.octokit.rest;
    const { data: before } = await pulls.get(where);
    assertSessionBranch(before.head.ref);
    const changed = optionalTexts(args, ['title', 'body']);
    if (Object.keys(changed).length > 0) await pulls.update({ ...where, ...changed });
    const wanted = typeof args['draft'] === 'boolean' ? args['draft'] : before.draft === true;
    if (wanted !== (before.draft === true)) {
      const query = wanted ? mutations.draft : mutations.ready;
      await backend.octokit.graphql(query, { id: before.node_id, request: { signal } });
    }
    return { number: before.number, url: before.html_url, draft: wanted };
  },
};
