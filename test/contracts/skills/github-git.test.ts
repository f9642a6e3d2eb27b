import { mkdtempSync, writeFileSync, chmodSync, existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { server } from '../../../skills/github/server/server.ts';
import { toolsFor, type HarnessTools } from '../../helpers/tool-harness.ts';
import { startGitRemote, type GitRemoteFixture } from './git-remote.ts';

const signal = AbortSignal.timeout(120_000);
const branch = 'threehops/dbg-1-0a1b2c3d';

let remote: GitRemoteFixture;
let tools: HarnessTools;

beforeEach(async () => {
  remote = await startGitRemote();
  tools = connect({ allowedRepositories: ['acme/shop'] });
});
afterEach(async () => {
  await tools.close();
  await remote.close();
});

function connect(settings: JsonObject): HarnessTools {
  const all = { baseUrl: `${remote.baseUrl}/api/v3`, ...settings };
  return toolsFor(server, all, { token: 'secret-token' }, { access: 'ReadWrite', timeoutMs: 60_000 });
}

function commitCall(base: string, more: JsonObject = {}): JsonObject {
  return {
    owner: 'acme',
    repo: 'shop',
    branch,
    base,
    edits: [
      { path: 'src/a.js', content: 'one\nTWO\n' },
      { path: 'old.txt', content: null },
      { path: 'new/deep.txt', content: 'grüße\n' },
    ],
    message: 'Revert the leak\n\nIt grew.',
    trailers: { 'Threehops-Session': 'uid-1', 'Threehops-Iteration': '2', 'Threehops-Action': 'abc' },
    author: { name: 'Threehops', email: 'threehops@example.com' },
    date: '2026-11-20T10:11:12Z',
    ...more,
  };
}

const refused = (code: string) => ({ name: 'ToolFailed', code, outcome: 'NotDone' });

describe('threehops_push_commit', () => {
  it('makes one commit with the edits, the trailers and the frozen date, and leaves main alone', async () => {
    const base = remote.commit('main', { 'src/a.js': 'one\ntwo\n', 'old.txt': 'x', 'kept.txt': 'y' }, 'first');
    const answer = await tools.call('threehops_push_commit', commitCall(base), signal);
    const head = remote.git(['rev-parse', branch]);
    expect(answer).toMatchObject({ sha: head, parent: base, branch, created: true });
    expect(remote.git(['rev-parse', 'main'])).toBe(base);
    expect(remote.git(['ls-tree', '-r', '--name-only', branch]).split('\n')).toEqual([
      'kept.txt',
      'new/deep.txt',
      'src/a.js',
    ]);
    expect(remote.read(branch, 'new/deep.txt')).toBe('grüße');
    expect(
      remote.git(['log', '-1', '--format=%an|%ae|%cn|%aI|%s|%(trailers:key=Threehops-Action,valueonly)', branch]),
    ).toBe('Threehops|threehops@example.com|Threehops|2026-11-20T10:11:12+00:00|Revert the leak|abc');
    expect(remote.git(['rev-list', '--count', `main..${branch}`])).toBe('1');
  });

  it('makes the same commit again: it finds it there and writes nothing', async () => {
    const base = remote.commit('main', { 'src/a.js': 'one\ntwo\n', 'old.txt': 'x' }, 'first');
    const first = (await tools.call('threehops_push_commit', commitCall(base), signal)) as JsonObject;
    const pushes = () => remote.requests.filter((line) => line === 'POST /acme/shop.git/git-receive-pack').length;
    expect(pushes()).toBe(1);
    const again = await tools.call('threehops_push_commit', commitCall(base), signal);
    expect(again).toEqual({ ...first, created: false });
    expect(pushes()).toBe(1);
  });

  it('finds its commit under later ones, and builds the next on top', async () => {
    const base = remote.commit('main', { 'src/a.js': 'one\n', 'old.txt': 'x' }, 'first');
    const first = (await tools.call('threehops_push_commit', commitCall(base), signal)) as { sha: string };
    const next = commitCall(first.sha, { edits: [{ path: 'b.txt', content: 'b' }] });
    const second = (await tools.call('threehops_push_commit', next, signal)) as { sha: string };
    expect(remote.git(['rev-list', branch]).split('\n')).toEqual([second.sha, first.sha, base]);
    expect(await tools.call('threehops_push_commit', commitCall(base), signal)).toMatchObject({
      sha: first.sha,
      created: false,
    });
    expect(remote.git(['rev-parse', branch])).toBe(second.sha);
  });

  it('does not write over what somebody else put on the branch', async () => {
    const base = remote.commit('main', { 'src/a.js': 'one\n', 'old.txt': 'x' }, 'first');
    remote.git(['update-ref', `refs/heads/${branch}`, base]);
    const foreign = remote.commit(branch, { 'foreign.txt': 'f' }, 'by a person');
    await expect(tools.call('threehops_push_commit', commitCall(base), signal)).rejects.toMatchObject(
      refused('BranchMoved'),
    );
    expect(remote.git(['rev-parse', branch])).toBe(foreign);
  });

  it.each([
    ['main', 'InvalidArguments'],
    ['threehops', 'InvalidArguments'],
    ['threehops/../main', 'InvalidArguments'],
    ['threehops/a..b', 'BranchNotAllowed'],
    ['threehops/a.lock', 'BranchNotAllowed'],
  ])('refuses the branch %s', async (name, code) => {
    const base = remote.commit('main', { 'src/a.js': 'one\n' }, 'first');
    await expect(tools.call('threehops_push_commit', commitCall(base, { branch: name }), signal)).rejects.toMatchObject(
      refused(code),
    );
    expect(remote.git(['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/main');
  });

  it.each([[[]], [['acme/other']], [['acm/*']]])('refuses a repository off the allow-list %j', async (allowed) => {
    const base = remote.commit('main', { 'src/a.js': 'one\n' }, 'first');
    await using narrow = connect({ allowedRepositories: allowed });
    await expect(narrow.call('threehops_push_commit', commitCall(base), signal)).rejects.toMatchObject(
      refused('RepositoryNotAllowed'),
    );
    expect(remote.requests).toEqual([]);
  });

  it.each([['../up.txt'], ['/abs.txt'], ['.git/config'], ['a/.GIT/hooks/x'], ['a//b'], ['a\nb']])(
    'refuses the path %j',
    async (path) => {
      const base = remote.commit('main', { 'src/a.js': 'one\n' }, 'first');
      const call = commitCall(base, { edits: [{ path, content: 'x' }] });
      await expect(tools.call('threehops_push_commit', call, signal)).rejects.toMatchObject(refused('BadPath'));
      expect(remote.git(['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/main');
    },
  );

  it('does not mind that a file to be deleted is not there', async () => {
    const base = remote.commit('main', { 'src/a.js': 'one\n' }, 'first');
    const edits = [
      { path: 'never/was.txt', content: null },
      { path: 'src/a.js', content: 'two\n' },
    ];
    expect(await tools.call('threehops_push_commit', commitCall(base, { edits }), signal)).toMatchObject({
      created: true,
    });
    expect(remote.git(['ls-tree', '-r', '--name-only', branch])).toBe('src/a.js');
  });

  it('refuses edits that change nothing, and a base that is not there', async () => {
    const base = remote.commit('main', { 'src/a.js': 'one\n' }, 'first');
    const same = commitCall(base, { edits: [{ path: 'src/a.js', content: 'one\n' }] });
    await expect(tools.call('threehops_push_commit', same, signal)).rejects.toMatchObject(refused('NothingToCommit'));
    const nowhere = commitCall('1'.repeat(40));
    await expect(tools.call('threehops_push_commit', nowhere, signal)).rejects.toMatchObject(refused('CommitNotFound'));
  });

  it('runs no hook and reads no configuration of the machine, and leaves nothing behind', async () => {
    const base = remote.commit(
      'main',
      { 'src/a.js': 'one\n', '.gitattributes': '*.js filter=evil text eol=crlf\n' },
      'first',
    );
    const home = mkdtempSync(join(tmpdir(), 'threehops-home-'));
    const planted = join(home, 'ran');
    const hook = join(home, 'pre-push');
    writeFileSync(hook, `#!/bin/sh\ntouch ${planted}\n`);
    chmodSync(hook, 0o755);
    writeFileSync(
      join(home, '.gitconfig'),
      `[core]\n hooksPath = ${home}\n[filter "evil"]\n clean = touch ${planted}\n smudge = touch ${planted}\n`,
    );
    const before = { HOME: process.env['HOME'], GIT_CONFIG_GLOBAL: process.env['GIT_CONFIG_GLOBAL'] };
    Object.assign(process.env, { HOME: home, GIT_CONFIG_GLOBAL: join(home, '.gitconfig') });
    try {
      const scratches = () => readdirSync(tmpdir()).filter((name) => name.startsWith('threehops-git-'));
      const had = scratches();
      await tools.call(
        'threehops_push_commit',
        commitCall(base, { edits: [{ path: 'src/a.js', content: 'a\nb\n' }] }),
        signal,
      );
      // Others may be at work on this machine.
      expect(scratches().filter((name) => !had.includes(name))).toEqual([]);
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
    expect(existsSync(planted)).toBe(false);
    expect(remote.git(['cat-file', '-p', `${branch}:src/a.js`])).toBe('a\nb');
  });

  it('sends the token to the remote as a header', async () => {
    const base = remote.commit('main', { 'src/a.js': 'one\n', 'old.txt': 'x' }, 'first');
    await tools.call('threehops_push_commit', commitCall(base), signal);
    expect([...remote.authorizations]).toEqual([
      `Basic ${Buffer.from('x-access-token:secret-token').toString('base64')}`,
    ]);
  });
});

describe('threehops_preview_revert', () => {
  const preview = (sha: string, more: JsonObject = {}) =>
    tools.call('threehops_preview_revert', { owner: 'acme', repo: 'shop', sha, onto: 'main', ...more }, signal);
  const lines = (...changed: readonly (readonly [number, string])[]): string =>
    Array.from({ length: 20 }, (_, index) => changed.find(([at]) => at === index)?.[1] ?? `line ${index}`).join('\n') +
    '\n';

  it('takes the newest commit back whole, and says that the tree is the one before it', async () => {
    const before = remote.commit('main', { 'a.txt': lines(), 'gone.txt': 'was here\n' }, 'first');
    const bad = remote.commit(
      'main',
      { 'a.txt': lines([3, 'leak']), 'a.test.txt': 'new test\n', 'gone.txt': null },
      'leak',
    );
    expect(await preview(bad)).toMatchObject({
      outcome: 'Clean',
      parent: before,
      edits: [
        { path: 'a.test.txt', content: null },
        { path: 'a.txt', content: lines() },
        { path: 'gone.txt', content: 'was here\n' },
      ],
      restoredPaths: ['a.test.txt', 'a.txt', 'gone.txt'],
      restoresTree: true,
      conflicts: [],
    });
  });

  it('keeps what came after it in the same file', async () => {
    remote.commit('main', { 'a.txt': lines() }, 'first');
    const bad = remote.commit('main', { 'a.txt': lines([3, 'leak']) }, 'leak');
    remote.commit('main', { 'a.txt': lines([3, 'leak'], [17, 'good']) }, 'later');
    expect(await preview(bad)).toMatchObject({
      outcome: 'Clean',
      edits: [{ path: 'a.txt', content: lines([17, 'good']) }],
      restoredPaths: [],
      restoresTree: false,
    });
  });

  it('keeps what the session has edited already', async () => {
    remote.commit('main', { 'a.txt': lines() }, 'first');
    const bad = remote.commit('main', { 'a.txt': lines([3, 'leak']) }, 'leak');
    const current = [{ path: 'a.txt', content: lines([3, 'leak'], [15, 'ours']) }];
    expect(await preview(bad, { current })).toMatchObject({
      outcome: 'Clean',
      edits: [{ path: 'a.txt', content: lines([15, 'ours']) }],
    });
  });

  it('answers a conflict where a later commit changed the same lines', async () => {
    remote.commit('main', { 'a.txt': lines() }, 'first');
    const bad = remote.commit('main', { 'a.txt': lines([3, 'leak']), 'b.txt': 'b' }, 'leak');
    remote.commit('main', { 'a.txt': lines([3, 'built on the leak']) }, 'later');
    expect(await preview(bad)).toMatchObject({ outcome: 'Conflict', conflicts: ['a.txt'], edits: [] });
  });

  it('answers a conflict where a later commit removed the file', async () => {
    remote.commit('main', { 'a.txt': lines(), 'b.txt': 'b' }, 'first');
    const bad = remote.commit('main', { 'a.txt': lines([3, 'leak']) }, 'leak');
    remote.commit('main', { 'a.txt': null }, 'later');
    expect(await preview(bad)).toMatchObject({ outcome: 'Conflict', conflicts: ['a.txt'] });
  });

  it('has nothing to do where it was taken back already', async () => {
    remote.commit('main', { 'a.txt': lines() }, 'first');
    const bad = remote.commit('main', { 'a.txt': lines([3, 'leak']) }, 'leak');
    remote.commit('main', { 'a.txt': lines() }, 'reverted by hand');
    expect(await preview(bad)).toMatchObject({ outcome: 'NothingToDo', edits: [] });
  });

  it('takes a merge back to its first parent', async () => {
    const base = remote.commit('main', { 'a.txt': lines() }, 'first');
    remote.git(['update-ref', 'refs/heads/feature', base]);
    const feature = remote.commit('feature', { 'a.txt': lines([5, 'feature']) }, 'feature');
    const mainline = remote.commit('main', { 'b.txt': 'b' }, 'mainline');
    remote.git(['read-tree', '-m', '-i', '--aggressive', base, mainline, feature]);
    const merge = remote.git([
      'commit-tree',
      remote.git(['write-tree']),
      '-p',
      mainline,
      '-p',
      feature,
      '-m',
      'Merge feature',
    ]);
    remote.git(['update-ref', 'refs/heads/main', merge]);
    expect(await preview(merge)).toMatchObject({
      outcome: 'Clean',
      parent: mainline,
      edits: [{ path: 'a.txt', content: lines() }],
      restoresTree: true,
    });
  });

  it('says so where a file cannot be written as text', async () => {
    remote.commit('main', { 'logo.bin': Uint8Array.from([0xff, 0xfe, 0x00, 0x01]) }, 'first');
    const bad = remote.commit('main', { 'logo.bin': Uint8Array.from([0xff, 0xfe, 0x00, 0x02]) }, 'logo');
    expect(await preview(bad)).toMatchObject({ outcome: 'NotExpressible', conflicts: ['logo.bin'] });
  });

  it('refuses the first commit and one that is not there', async () => {
    const first = remote.commit('main', { 'a.txt': 'a' }, 'first');
    await expect(preview(first)).rejects.toMatchObject(refused('NotExpressible'));
    await expect(preview('2'.repeat(40))).rejects.toMatchObject(refused('CommitNotFound'));
  });

  it('refuses a commit that is not on the branch: what it would restore was never reviewed there', async () => {
    const base = remote.commit('main', { 'a.txt': lines() }, 'first');
    remote.git(['update-ref', 'refs/heads/feature', base]);
    remote.commit('feature', { 'evil.js': 'evil' }, 'plant');
    const bait = remote.commit('feature', { 'evil.js': null }, 'hide');
    await expect(preview(bait)).rejects.toMatchObject(refused('NotOnBranch'));
  });

  it('takes an older commit back', async () => {
    remote.commit('main', { 'a.txt': lines() }, 'first');
    const bad = remote.commit('main', { 'b.txt': 'b' }, 'bad');
    for (const index of [1, 2, 3, 4]) remote.commit('main', { [`c${index}.txt`]: 'c' }, 'later');
    expect(await preview(bad)).toMatchObject({
      outcome: 'Clean',
      edits: [{ path: 'b.txt', content: null }],
      restoresTree: false,
    });
  });

  it('gives edits that push as the tree it promised', async () => {
    const before = remote.commit('main', { 'a.txt': lines(), 'x.txt': 'x' }, 'first');
    const bad = remote.commit('main', { 'a.txt': lines([3, 'leak']), 'x.txt': null, 'y.txt': 'y' }, 'leak');
    const { edits } = (await preview(bad)) as { edits: JsonObject[] };
    await tools.call('threehops_push_commit', commitCall(bad, { edits }), signal);
    expect(remote.git(['rev-parse', `${branch}^{tree}`])).toBe(remote.git(['rev-parse', `${before}^{tree}`]));
  });
});
