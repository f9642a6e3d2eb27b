import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { servers } from '../../../../skills/catalogue.ts';
import { assertSessionBranch } from '../../../../skills/github/server/backend.ts';

const root = join(import.meta.dirname, '../../../..');
const sources = ['controller', 'skills'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, folder, name)),
);

/** Ways to bring something onto a branch that is not ours, as the REST API, GraphQL, Octokit and git have them. */
const ways: readonly (readonly [string, RegExp])[] = [
  ['merging a pull request (REST)', /pulls?\/[^\s'"`]*\/merge\b|\/merges\b|merge-upstream/],
  ['merging a pull request (Octokit)', /\bpulls\s*\.\s*merge\b|\brepos\s*\.\s*merge/],
  ['merging a pull request (GraphQL)', /mergePullRequest|enablePullRequestAutoMerge|enqueuePullRequest|mergeBranch/],
  ['approving a pull request', /createReview|submitReview|addPullRequestReview/],
  ['moving a branch (REST)', /\bupdateRef\b|\bdeleteRef\b|createOrUpdateFileContents|updateBranchProtection/],
  ['forcing a push', /push[^\n]*(--force|--mirror|--delete|'-f'|\+\$\{|\+refs)/],
];

test.each(ways)('no source has a call for %s', (_, way) => {
  expect(sources.length).toBeGreaterThan(400);
  expect(sources.filter((path) => way.test(readFileSync(path, 'utf8')))).toEqual([]);
});

test('each of them would be found', () => {
  const samples = [
    'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
    'octokit.rest.pulls.merge(where)',
    'mutation { mergePullRequest }',
    'pulls.createReview({})',
    'git.updateRef({})',
    "['push', '--force', url]",
  ];
  samples.forEach((sample, index) => expect(ways[index]?.[1].test(sample), `${sample}`).toBe(true));
});

test('no tool of ours merges, and none pushes but the one for session branches', () => {
  const writes = servers.flatMap(({ tools }) => tools.filter(({ access }) => access === 'Write'));
  expect(writes.length).toBeGreaterThan(10);
  expect(writes.filter(({ name }) => /merge|approve|protect/.test(name))).toEqual([]);
  expect(writes.filter(({ name }) => name.includes('push')).map(({ name }) => name)).toEqual(['threehops_push_commit']);
});

test.each([
  'main',
  'refs/heads/main',
  'threehops',
  'threehops/',
  'threehops/x:main',
  'threehops/x:refs/heads/main',
  'threehops/../main',
  'threehops/x/../../main',
  'threehops/-x',
  'threehops/x\nmain',
  'threehops/x main',
  '+threehops/x',
  'THREEHOPS/x',
])('%j is no branch that is written, where the schema was not looked at either', (branch) => {
  expect(() => assertSessionBranch(branch)).toThrow(expect.objectContaining({ code: 'BranchNotAllowed' }));
});

test('a session branch is', () => {
  expect(() => assertSessionBranch('threehops/payments-1a2b3c4d')).not.toThrow();
});
