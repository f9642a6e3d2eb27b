import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../controller/api/json.ts';
import { probe } from '../../../../skills/github/probe.ts';
import { failed, fakeTools, probeContext } from '../lib/fake-tools.ts';

const sha = (digit: string) => digit.repeat(40);

function commit(id: string, date: string, message: string, files: readonly string[] = []): Json {
  return {
    sha: id,
    html_url: 'x',
    commit: { message, author: { name: 'Ann', date }, committer: { name: 'GitHub', date } },
    parents: [{ sha: sha('0') }],
    stats: { additions: 3, deletions: 1 },
    files: files.map((filename) => ({ filename, status: 'modified', additions: 3, deletions: 1 })),
  };
}

const commits = [
  commit(sha('9'), '2026-11-20T11:30:00Z', 'after the window', ['src/late.js']),
  commit(sha('3'), '2026-11-20T10:20:00Z', 'fix\n\nThreehops-Session: u1', ['src/a.js']),
  commit(sha('2'), '2026-11-20T10:10:00Z', 'Cache everything\n\nlong story', ['src/cache.js', 'README.md']),
  commit(sha('1'), '2026-11-19T10:00:00Z', 'Docs', ['README.md']),
];

const table = {
  list_commits: () => commits,
  get_commit: (args: { sha?: Json }) => commits.find((one) => (one as { sha: string }).sha === args.sha),
  list_branches: () => [
    { name: 'main', sha: sha('1'), protected: true },
    { name: 'threehops/a-1', sha: sha('2'), protected: false },
  ],
  list_pull_requests: () => [
    {
      number: 4,
      title: 't',
      state: 'open',
      html_url: 'u',
      head: { ref: 'threehops/a-1' },
      created_at: '2026-11-19T09:00:00Z',
    },
    {
      number: 5,
      title: 't',
      state: 'open',
      html_url: 'u',
      head: { ref: 'feature' },
      created_at: '2026-11-02T09:00:00Z',
    },
    {
      number: 6,
      title: 't',
      state: 'open',
      html_url: 'u',
      head: { ref: 'threehops/b-2' },
      created_at: '2026-11-18T09:00:00Z',
    },
  ],
};

describe('the github probe', () => {
  it('tells the commits up to the end of the window with their files, without those of sessions', async () => {
    const { changes } = await probe(probeContext(fakeTools(table), { repository: 'acme/shop' }));
    expect(changes.map(({ facts }) => facts?.['sha'])).toEqual([sha('2'), sha('1')]);
    expect(changes[0]).toMatchObject({
      kind: 'Commit',
      at: '2026-11-20T10:10:00.000Z',
      summary: '2222222 by Ann: Cache everything',
      facts: {
        repository: 'acme/shop',
        branch: 'main',
        parents: [sha('0')],
        additions: 3,
        deletions: 1,
        touchesRunningCode: true,
        files: [{ path: 'src/cache.js' }, { path: 'README.md' }],
      },
    });
    expect(changes[1]?.facts).toMatchObject({ touchesRunningCode: false });
  });

  it('says what sessions left and whether the base is protected', async () => {
    const { findings, gaps } = await probe(probeContext(fakeTools(table), { repository: 'acme/shop' }));
    expect(gaps).toEqual([]);
    expect(findings.map(({ kind }) => kind)).toEqual([
      'github.RecentCommits',
      'github.BaseBranchProtected',
      'github.SessionBranches',
      'github.SessionPullRequests',
    ]);
    expect(findings.every(({ severity }) => severity === 'Info')).toBe(true);
    expect(findings[3]).toMatchObject({
      since: '2026-11-18T09:00:00.000Z',
      facts: { pullRequests: [{ number: 4 }, { number: 6 }] },
    });
  });

  it('costs a gap where one tool fails, and throws where all do', async () => {
    const partly = { ...table, list_pull_requests: () => failed('list_pull_requests', 'Http503') };
    const result = await probe(probeContext(fakeTools(partly), { repository: 'acme/shop' }));
    expect(result.gaps).toMatchObject([{ what: 'pull requests' }]);
    expect(result.changes).toHaveLength(2);
    const broken = Object.fromEntries(Object.keys(table).map((tool) => [tool, () => failed(tool, 'Http401')]));
    await expect(probe(probeContext(fakeTools(broken), { repository: 'acme/shop' }))).rejects.toMatchObject({
      code: 'Http401',
    });
  });

  it.each([
    [15, []],
    [16, ['16 fall into the window, the newest 15 were read']],
    [40, ['40 or more fall into the window, the newest 15 were read']],
  ])('of %i commits in the window says which were not read', async (count, reasons) => {
    const many = Array.from({ length: count }, (_, index) => commit(`${index}`, '2026-11-20T10:10:00Z', 'x'));
    const busy = { ...table, list_commits: () => many, get_commit: () => many[0] };
    const { changes, gaps } = await probe(probeContext(fakeTools(busy), { repository: 'acme/shop' }));
    expect(changes).toHaveLength(15);
    expect(gaps.map(({ reason }) => reason)).toEqual(reasons);
  });

  it('gives the same result for the same answers', async () => {
    const look = () => probe(probeContext(fakeTools(table), { repository: 'acme/shop' }));
    expect(await look()).toEqual(await look());
  });
});
