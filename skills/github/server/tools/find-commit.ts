import type { Json } from '../../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { optionalTexts, text } from '../args.ts';
import type { GitHubBackend } from '../backend.ts';
import { input, output, sha, string } from '../schema.ts';

/** How many of the branch's newest commits are looked at. */
const depth = 100;

export const findCommit: ToolDefinition<GitHubBackend> = {
  name: 'threehops_find_commit',
  description:
    "A branch's head; and whether a commit, named by its id or by a trailer line (`Key: value`), is among its newest 100",
  access: 'Read',
  input: input({ branch: string, sha, trailer: string }, ['branch']),
  output: output({ found: { type: 'boolean' }, branchExists: { type: 'boolean' } }),
  async handle(args, { backend, signal }) {
    const where = { owner: text(args, 'owner'), repo: text(args, 'repo'), request: { signal } };
    const { sha: wanted, trailer } = optionalTexts(args, ['sha', 'trailer']);
    const { repos, git } = backend.octokit.rest;
    // matching-refs answers an empty list where a single ref would be a 404: only then is the branch proven absent.
    const refs = await git.listMatchingRefs({ ...where, ref: `heads/${text(args, 'branch')}` });
    const head = refs.data.find((ref) => ref.ref === `refs/heads/${text(args, 'branch')}`)?.object.sha;
    if (head === undefined) return { found: false, branchExists: false };
    if (wanted === undefined && trailer === undefined) return { found: false, branchExists: true, head };
    const commits = await repos.listCommits({ ...where, sha: head, per_page: depth });
    const found = commits.data.find(
      (one) => one.sha === wanted || (trailer !== undefined && one.commit.message.split('\n').includes(trailer)),
    );
    const answer: Record<string, Json> = { found: found !== undefined, branchExists: true, head };
    return found === undefined ? answer : { ...answer, sha: found.sha, parent: found.parents[0]?.sha ?? '' };
  },
};
