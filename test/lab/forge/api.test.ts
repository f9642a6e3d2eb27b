import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { octokitFor } from './testing/client.ts';
import { refusal } from './testing/checked-client.ts';
import { openWorkshop, type Workshop } from './testing/workshop.ts';

const here = { owner: 'acme', repo: 'store' };

describe('the REST API around its operations', () => {
  let workshop: Workshop;

  beforeAll(async () => {
    workshop = await openWorkshop();
    await workshop.forge.createRepository('acme/store', { files: { 'a.txt': '0' } });
    for (let number = 1; number <= 4; number += 1)
      await workshop.forge.commit('acme/store', { message: `Commit ${number}`, files: { 'a.txt': String(number) } });
  });

  afterAll(() => workshop.stop());

  const asked = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${workshop.forge.apiUrl}${path}`, init);
  const as = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

  test('without a token 401, with a wrong one 401, each with its message', async () => {
    const without = await asked('/repos/acme/store');
    expect([without.status, await without.json()]).toMatchObject([
      401,
      { message: 'Requires authentication', status: '401' },
    ]);
    const wrong = await asked('/repos/acme/store', as('ghp_wrong'));
    expect([wrong.status, await wrong.json()]).toMatchObject([401, { message: 'Bad credentials' }]);
  });

  test('what is not there, and what the token may not see, are both 404', async () => {
    const { forge } = workshop;
    const blind = forge.addToken({ login: 'guest', scope: 'write', repositories: ['acme/nothing'] });
    for (const [path, token] of [
      ['/repos/acme/absent', forge.tokens.read],
      ['/repos/acme/store', blind],
      ['/no/such/operation', forge.tokens.read],
    ] as const) {
      const response = await asked(path, as(token));
      expect([response.status, await response.json()]).toMatchObject([404, { message: 'Not Found' }]);
    }
  });

  test('a token that may only read is refused with 403, and nothing is written', async () => {
    const reader = octokitFor(workshop.forge, workshop.forge.tokens.read);
    const sha = await workshop.forge.git('acme/store', ['rev-parse', 'main']);
    expect(await refusal(reader.git.createRef({ ...here, ref: 'refs/heads/x', sha }))).toMatchObject({ status: 403 });
    expect(await workshop.forge.git('acme/store', ['for-each-ref', 'refs/heads/x'])).toBe('');
  });

  test('a body that is not JSON is 400, one that lacks a field 422', async () => {
    const init = { ...as(workshop.forge.tokens.write), method: 'POST' };
    expect((await asked('/repos/acme/store/pulls', { ...init, body: '{' })).status).toBe(400);
    const lacking = await asked('/repos/acme/store/pulls', { ...init, body: '{"title":"T"}' });
    expect([lacking.status, await lacking.json()]).toMatchObject([422, { message: expect.stringContaining('"head"') }]);
    const wrong = await asked('/repos/acme/store/pulls', { ...init, body: '{"title":5}' });
    expect(wrong.status).toBe(422);
  });

  test('lists come in pages with Link headers, and Octokit can walk them', async () => {
    const octokit = octokitFor(workshop.forge, workshop.forge.tokens.read);
    const { data, headers } = await octokit.repos.listCommits({ ...here, per_page: 2, page: 2 });
    expect(data.map(({ commit }) => commit.message)).toEqual(['Commit 2', 'Commit 1']);
    const relations = [...(headers.link ?? '').matchAll(/[?&]page=(\d+)[^>]*>; rel="(\w+)"/g)].map(([, page, rel]) => [
      rel,
      page,
    ]);
    expect(Object.fromEntries(relations)).toEqual({ prev: '1', next: '3', last: '3', first: '1' });
    const all = await octokit.paginate(octokit.repos.listCommits, { ...here, per_page: 2 });
    expect(all).toHaveLength(5);
  });

  test('commits can be asked for by time and author', async () => {
    const { forge } = workshop;
    const author = { name: 'Ada', email: 'ada@lab.localhost' };
    const date = new Date('2024-03-01T12:00:00Z');
    await forge.createRepository('acme/old', { files: { a: 'a' }, author, date });
    await forge.commit('acme/old', { message: 'Later', files: { b: 'b' }, date: new Date('2024-03-02T12:00:00Z') });
    const octokit = octokitFor(forge, forge.tokens.read);
    const old = { owner: 'acme', repo: 'old' };
    const messages = async (filter: object): Promise<string[]> =>
      (await octokit.repos.listCommits({ ...old, ...filter })).data.map(({ commit }) => commit.message);
    expect(await messages({ since: '2024-03-02T00:00:00Z' })).toEqual(['Later']);
    expect(await messages({ until: '2024-03-02T00:00:00Z' })).toEqual(['Initial commit']);
    expect(await messages({ author: 'ada@lab.localhost' })).toEqual(['Initial commit']);
  });

  test('a file can be had raw at its download address', async () => {
    const octokit = octokitFor(workshop.forge, workshop.forge.tokens.read);
    const { data } = await octokit.repos.getContent({ ...here, path: 'a.txt' });
    const url = Array.isArray(data) ? '' : (data.download_url ?? '');
    expect(await (await fetch(url, as(workshop.forge.tokens.read))).text()).toBe('4');
    expect((await fetch(url)).status).toBe(401);
  });

  test('a draft is made ready, and back, by the GraphQL mutations alone', async () => {
    const { forge } = workshop;
    await forge.commit('acme/store', { branch: 'threehops/draft', message: 'Draft', files: { d: 'd' } });
    const octokit = octokitFor(forge, forge.tokens.write);
    const { data } = await octokit.pulls.create({
      ...here,
      title: 'D',
      head: 'threehops/draft',
      base: 'main',
      draft: true,
    });
    const change = (mutation: string): Promise<unknown> =>
      octokit.graphql(`mutation($id: ID!) { ${mutation}(input: {pullRequestId: $id}) { pullRequest { isDraft } } }`, {
        id: data.node_id,
      });
    expect(await change('markPullRequestReadyForReview')).toMatchObject({
      markPullRequestReadyForReview: { pullRequest: { isDraft: false } },
    });
    expect((await octokit.pulls.get({ ...here, pull_number: data.number })).data.draft).toBe(false);
    await change('convertPullRequestToDraft');
    expect((await octokit.pulls.get({ ...here, pull_number: data.number })).data.draft).toBe(true);
    expect(forge.counters.pullsUpdated).toBe(2);
  });

  test('a pull request follows its branch, and closes when the branch is deleted', async () => {
    const { forge } = workshop;
    const branch = 'threehops/follow';
    await forge.commit('acme/store', { branch, message: 'One', files: { f: '1' } });
    const octokit = octokitFor(forge, forge.tokens.write);
    const { data: pull } = await octokit.pulls.create({ ...here, title: 'F', head: branch, base: 'main' });
    const sha = await forge.commit('acme/store', { branch, message: 'Two', files: { f: '2' } });
    const read = async () => (await octokit.pulls.get({ ...here, pull_number: pull.number })).data;
    expect(await read()).toMatchObject({ state: 'open', head: { sha }, commits: 2 });
    await octokit.git.deleteRef({ ...here, ref: `heads/${branch}` });
    expect(await read()).toMatchObject({ state: 'closed', head: { sha } });
  });
});
