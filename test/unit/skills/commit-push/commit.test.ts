import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { findCommit, pushCommit } from '../../../../skills/commit-push/commit.ts';
import { failed, fakeTools, never } from '../lib/fake-tools.ts';

const sha = 'a'.repeat(40);
const commit = {
  repository: 'acme/shop',
  branch: 'threehops/s-1',
  base: 'b'.repeat(40),
  edits: [
    { path: 'a.js', content: 'x' },
    { path: 'b.js', content: null },
  ],
  message: 'Fix',
  trailers: { 'Threehops-Session': 'ns/s', 'Threehops-Iteration': '2' },
  author: { name: 'Threehops', email: 't@example.com' },
  date: '2026-11-20T10:00:00Z',
};

describe('commit-push', () => {
  it('hands the whole commit over', async () => {
    const asked: JsonObject[] = [];
    const tools = fakeTools({
      threehops_push_commit: (args) => {
        asked.push(args);
        return { sha, parent: commit.base, tree: sha, branch: commit.branch, created: false };
      },
    });
    expect(await pushCommit(tools, commit, never)).toEqual({ sha, parent: commit.base, created: false });
    const { repository: _, ...rest } = commit;
    expect(asked).toEqual([{ ...rest, owner: 'acme', repo: 'shop' }]);
  });

  it('finds a commit by its trailer, or says where the branch is', async () => {
    const tools = fakeTools({
      threehops_find_commit: ({ trailer }) =>
        trailer === 'Threehops-Action: x'
          ? { found: true, branchExists: true, head: sha, sha }
          : { found: false, branchExists: false },
    });
    const trailer = { key: 'Threehops-Action', value: 'x' };
    expect(await findCommit(tools, commit, trailer, never)).toEqual({ head: sha, found: sha });
    expect(await findCommit(tools, commit, undefined, never)).toEqual({ head: undefined, found: undefined });
  });

  it('passes on what the server refused', async () => {
    const tools = fakeTools({ threehops_push_commit: () => failed('threehops_push_commit', 'BranchMoved') });
    await expect(pushCommit(tools, commit, never)).rejects.toMatchObject({ code: 'BranchMoved' });
  });
});
