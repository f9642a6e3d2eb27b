import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { text } from '../args.ts';
import type { GitHubBackend } from '../backend.ts';
import { revertCommit } from '../git/revert.ts';
import { withScratch } from '../git/scratch.ts';
import { input, listOf, output, sha, string } from '../schema.ts';
import { editsOf } from './push-commit.ts';

const edits = listOf({
  type: 'object',
  additionalProperties: false,
  properties: { path: string, content: { type: ['string', 'null'] } },
  required: ['path', 'content'],
});

export const previewRevert: ToolDefinition<GitHubBackend> = {
  name: 'threehops_preview_revert',
  description:
    'The file edits that take a commit back on top of a branch or commit (and of `current` edits); writes nothing',
  access: 'Read',
  input: input({ sha, onto: string, current: edits }, ['sha', 'onto']),
  output: output({
    outcome: { type: 'string', enum: ['Clean', 'Conflict', 'NothingToDo', 'NotExpressible'] },
    parent: sha,
    edits,
    diff: string,
    conflicts: listOf(string),
    restoredPaths: listOf(string),
    restoresTree: { type: 'boolean' },
  }),
  async handle(args, { backend, signal }) {
    const repository = { owner: text(args, 'owner'), repo: text(args, 'repo') };
    const request = { sha: text(args, 'sha'), onto: text(args, 'onto'), current: editsOf(args, 'current') };
    const reversal = await withScratch(backend, repository, signal, (git) => revertCommit(git, request));
    return {
      ...reversal,
      edits: reversal.edits.map(({ path, content }) => ({ path, content })),
    };
  },
};
