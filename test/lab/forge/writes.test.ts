import { afterEach, describe, expect, test } from 'vitest';
import { octokitFor } from './testing/client.ts';
import { openWorkshop, type Workshop } from './testing/workshop.ts';
import type { OnWrite, OutsideWrite, WritePhase } from './world/writes.ts';

const fullName = 'acme/store';
const here = { owner: 'acme', repo: 'store' };
const branch = 'threehops/fix';

/** How Octokit tells of a connection that was closed without an answer. */
const noAnswer = { status: 500, response: undefined };

describe('the hook around outside writes', () => {
  let workshop: Workshop;

  afterEach(() => workshop.stop());

  const open = async (onWrite: OnWrite): Promise<void> => {
    workshop = await openWorkshop({ onWrite });
    await workshop.forge.createRepository(fullName, { files: { 'a.txt': 'a\n' }, protectedBranches: ['main'] });
  };

  const push = async (): Promise<{ sha: string; code: number }> => {
    const clone = await workshop.clone(fullName, workshop.forge.tokens.write);
    const sha = await clone.commit('Fix', { 'a.txt': 'b\n' });
    return { sha, code: (await clone.git('push', 'origin', `HEAD:refs/heads/${branch}`)).code };
  };

  const tip = (): Promise<string> =>
    workshop.forge.git(fullName, ['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`]);

  test('it is awaited before a push is applied and again before it is answered', async () => {
    const seen: [WritePhase, string][] = [];
    await open(async (_write, phase) => {
      seen.push([phase, await tip()]);
    });
    const { sha, code } = await push();
    expect(code).toBe(0);
    expect(seen).toEqual([
      ['received', ''],
      ['applied', sha],
    ]);
  });

  test('it is told what the write is', async () => {
    const seen: OutsideWrite[] = [];
    await open((write, phase) => void (phase === 'received' && seen.push({ ...write })));
    const { sha } = await push();
    const octokit = octokitFor(workshop.forge, workshop.forge.tokens.write);
    await octokit.pulls.create({ ...here, title: 'Fix', head: branch, base: 'main' });
    await octokit.issues.createComment({ ...here, issue_number: 1, body: 'Done' });
    expect(seen).toMatchObject([
      {
        ordinal: 1,
        kind: 'push',
        actor: 'threehops',
        repository: fullName,
        state: 'Received',
        changes: [{ ref: `refs/heads/${branch}`, before: '0'.repeat(40), after: sha }],
      },
      { ordinal: 2, kind: 'pull', method: 'POST', path: '/repos/acme/store/pulls' },
      { ordinal: 3, kind: 'comment', method: 'POST', path: '/repos/acme/store/issues/1/comments' },
    ]);
    expect(workshop.forge.counters).toMatchObject({ received: 3, pushes: 1, pullsCreated: 1, comments: 1 });
  });

  test('a write dropped on receipt never happens, and its client gets no answer', async () => {
    await open(() => 'drop');
    expect((await push()).code).not.toBe(0);
    expect(await tip()).toBe('');
    const octokit = octokitFor(workshop.forge, workshop.forge.tokens.write);
    await workshop.forge.commit(fullName, { branch, message: 'Fix', files: { b: 'b' } });
    await expect(octokit.pulls.create({ ...here, title: 'Fix', head: branch, base: 'main' })).rejects.toMatchObject(
      noAnswer,
    );
    expect(workshop.forge.pulls(fullName)).toEqual([]);
    expect(workshop.forge.writes.map(({ state }) => state)).toEqual(['Dropped', 'Dropped']);
  });

  test('a write dropped after it was applied has happened, though its client got no answer', async () => {
    await open((_write, phase) => (phase === 'applied' ? 'drop' : undefined));
    const { sha, code } = await push();
    expect(code).not.toBe(0);
    expect(await tip()).toBe(sha);
    const octokit = octokitFor(workshop.forge, workshop.forge.tokens.write);
    await expect(octokit.pulls.create({ ...here, title: 'Fix', head: branch, base: 'main' })).rejects.toMatchObject(
      noAnswer,
    );
    expect(workshop.forge.pulls(fullName)).toMatchObject([{ head: branch, headSha: sha }]);
    expect(workshop.forge.counters).toMatchObject({ pushes: 1, pullsCreated: 1 });
  });

  test('reads, refusals for want of a right, and what the lab does itself are no outside writes', async () => {
    await open(() => undefined);
    const reader = octokitFor(workshop.forge, workshop.forge.tokens.read);
    await reader.repos.get(here);
    await expect(reader.git.deleteRef({ ...here, ref: 'heads/main' })).rejects.toMatchObject({ status: 403 });
    await workshop.forge.commit(fullName, { message: 'By hand', files: { c: 'c' } });
    expect(workshop.forge.writes).toEqual([]);
  });
});
