import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientGit, octokitFor, urlWithToken } from './testing/client.ts';
import { refusal } from './testing/checked-client.ts';
import { openWorkshop, type Workshop } from './testing/workshop.ts';

const fullName = 'acme/store';
const here = { owner: 'acme', repo: 'store' };

describe('git over HTTP', () => {
  let workshop: Workshop;
  let first: string;

  beforeAll(async () => {
    workshop = await openWorkshop();
    first = await workshop.forge.createRepository(fullName, { files: { 'a.txt': 'a\n' }, protectedBranches: ['main'] });
  });

  afterAll(() => workshop.stop());

  const remoteRef = (ref: string): Promise<string> =>
    workshop.forge.git(fullName, ['for-each-ref', '--format=%(objectname)', ref]);

  test('a protected branch refuses a push with the words of GitHub, and does not move', async () => {
    const clone = await workshop.clone(fullName, workshop.forge.tokens.write);
    await clone.commit('Sneak', { 'a.txt': 'b\n' });
    const { code, output } = await clone.git('push', 'origin', 'HEAD:main');
    expect(code).not.toBe(0);
    expect(output).toContain('remote: error: GH006: Protected branch update failed for refs/heads/main.');
    expect(output).toContain('remote: error: Changes must be made through a pull request.');
    expect(output).toContain('[remote rejected] HEAD -> main (protected branch hook declined)');
    expect(await remoteRef('refs/heads/main')).toBe(first);
    expect(workshop.forge.counters).toMatchObject({ pushes: 0, pushesRefused: 1 });
  });

  test('nor does it move with others in one push, by force, or by deletion', async () => {
    const clone = await workshop.clone(fullName, workshop.forge.tokens.write);
    await clone.commit('Sneak', { 'a.txt': 'c\n' });
    expect((await clone.git('push', 'origin', 'HEAD:refs/heads/threehops/along', 'HEAD:main')).code).not.toBe(0);
    expect((await clone.git('push', '--force', 'origin', 'HEAD:main')).code).not.toBe(0);
    expect((await clone.git('push', 'origin', ':main')).code).not.toBe(0);
    expect(await remoteRef('refs/heads')).toBe(first);
  });

  test('nor through the REST API', async () => {
    const octokit = octokitFor(workshop.forge, workshop.forge.tokens.write);
    const sha = await workshop.forge.commit(fullName, { branch: 'threehops/rest', message: 'R', files: { r: 'r' } });
    expect(await refusal(octokit.git.updateRef({ ...here, ref: 'heads/main', sha }))).toMatchObject({
      status: 422,
      message: 'Changes must be made through a pull request.',
    });
    expect(await refusal(octokit.git.deleteRef({ ...here, ref: 'heads/main' }))).toMatchObject({ status: 422 });
    const put = octokit.repos.createOrUpdateFileContents({ ...here, path: 'x', message: 'X', content: 'eA==' });
    expect(await refusal(put)).toMatchObject({
      status: 409,
      message: 'Could not update file: Changes must be made through a pull request.',
    });
    expect(await remoteRef('refs/heads/main')).toBe(first);
  });

  test('an administrator passes the protection', async () => {
    const clone = await workshop.clone(fullName, workshop.forge.tokens.admin);
    first = await clone.commit('Rule', { 'rule.txt': 'r\n' });
    expect(await clone.git('push', 'origin', 'HEAD:main')).toMatchObject({ code: 0 });
    expect(await remoteRef('refs/heads/main')).toBe(first);
  });

  test('other branches can be made, forced and deleted', async () => {
    const clone = await workshop.clone(fullName, workshop.forge.tokens.write);
    const one = await clone.commit('One', { 'b.txt': '1\n' });
    expect(await clone.git('push', 'origin', 'HEAD:refs/heads/threehops/b')).toMatchObject({ code: 0 });
    await clone.git('reset', '-q', '--hard', 'HEAD~1');
    const two = await clone.commit('Two', { 'b.txt': '2\n' });
    expect((await clone.git('push', 'origin', 'HEAD:refs/heads/threehops/b')).code).not.toBe(0);
    expect(await remoteRef('refs/heads/threehops/b')).toBe(one);
    expect(await clone.git('push', '--force', 'origin', 'HEAD:refs/heads/threehops/b')).toMatchObject({ code: 0 });
    expect(await remoteRef('refs/heads/threehops/b')).toBe(two);
    expect(await clone.git('push', 'origin', ':threehops/b')).toMatchObject({ code: 0 });
    expect(await remoteRef('refs/heads/threehops/b')).toBe('');
  });

  test('a push larger than one request buffer arrives whole, as one write', async () => {
    const clone = await workshop.clone(fullName, workshop.forge.tokens.write);
    const before = workshop.forge.counters;
    const sha = await clone.commit('Big', { big: randomBytes(3_000_000).toString('base64') });
    expect(await clone.git('push', 'origin', 'HEAD:refs/heads/threehops/big')).toMatchObject({ code: 0 });
    expect(await remoteRef('refs/heads/threehops/big')).toBe(sha);
    expect(workshop.forge.counters).toMatchObject({ pushes: before.pushes + 1, received: before.received + 1 });
  });

  test('a shallow clone, and a fetch of a commit by its sha', async () => {
    const url = urlWithToken(workshop.forge, fullName, workshop.forge.tokens.read);
    expect(await clientGit(workshop.folder, 'clone', '-q', '--depth=1', url, 'shallow')).toMatchObject({ code: 0 });
    const log = await clientGit(`${workshop.folder}/shallow`, 'rev-list', '--count', 'HEAD');
    expect(log.output.trim()).toBe('1');
    const parent = await workshop.forge.git(fullName, ['rev-parse', 'main~1']);
    expect(await clientGit(`${workshop.folder}/shallow`, 'fetch', '-q', 'origin', parent)).toMatchObject({ code: 0 });
  });

  test('tokens decide: none, a wrong one, one that reads, one for another repository', async () => {
    const { forge, folder } = workshop;
    await forge.createRepository('acme/other', { files: { o: 'o' } });
    const listed = (token: string) => clientGit(folder, 'ls-remote', urlWithToken(forge, fullName, token));
    expect((await clientGit(folder, 'ls-remote', forge.cloneUrl(fullName))).code).not.toBe(0);
    expect((await listed('wrong')).output).toContain('Authentication failed');
    expect(await listed(forge.tokens.read)).toMatchObject({ code: 0 });
    const elsewhere = forge.addToken({ login: 'guest', scope: 'write', repositories: ['acme/other'] });
    expect((await listed(elsewhere)).output).toContain('not found');
    const clone = await workshop.clone(fullName, forge.tokens.read);
    await clone.commit('Read only', { 'c.txt': 'c\n' });
    const pushed = await clone.git('push', 'origin', 'HEAD:refs/heads/threehops/c');
    expect(pushed.code).not.toBe(0);
    expect(pushed.output).toContain('403');
    expect(await remoteRef('refs/heads/threehops/c')).toBe('');
  });
});
