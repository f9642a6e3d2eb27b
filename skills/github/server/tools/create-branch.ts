import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { optionalTexts, text } from '../args.ts';
import { assertSessionBranch, assertWritable, type GitHubBackend } from '../backend.ts';
import { input, output, sessionBranch, string } from '../schema.ts';

export const createBranch: ToolDefinition<GitHubBackend> = {
  name: 'create_branch',
  description: 'Create a threehops/* branch at the head of from_branch (the default branch without it)',
  access: 'Write',
  input: input({ branch: sessionBranch, from_branch: string }, ['branch']),
  output: output({ ref: string, object: { type: 'object' } }),
  async handle(args, { backend, signal }) {
    const where = { owner: text(args, 'owner'), repo: text(args, 'repo'), request: { signal } };
    const branch = text(args, 'branch');
    assertWritable(backend, where.owner, where.repo);
    assertSessionBranch(branch);
    const { git, repos } = backend.octokit.rest;
    const from = optionalTexts(args, ['from_branch']).from_branch ?? (await repos.get(where)).data.default_branch;
    const head = await git.getRef({ ...where, ref: `heads/${from}` });
    const { data } = await git.createRef({ ...where, ref: `refs/heads/${branch}`, sha: head.data.object.sha });
    return { ref: data.ref, object: { type: data.object.type, sha: data.object.sha } };
  },
};
