import { Octokit } from '@octokit/rest';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import type { GitHubBackend } from '../../../../skills/github/server/backend.ts';
import { comment } from '../../../../skills/github/server/tools/comment.ts';
import { getJobLogs } from '../../../../skills/github/server/tools/get-job-logs.ts';
import { branchFindings, pullRequestFindings } from '../../../../skills/github/repository-findings.ts';
import { listJobs } from '../../../../skills/github-actions/runs.ts';
import { fakeTools, never, probeContext } from '../lib/fake-tools.ts';

const repository = { owner: 'acme', repo: 'shop' };

/** A GitHub that answers `pages` of whatever is listed, one after another, and notes what is written. */
function github(pages: readonly Json[], written: string[] = []): { backend: GitHubBackend; signal: AbortSignal } {
  const fetch = (url: string, init: { method?: string }): Promise<Response> => {
    if (init.method === 'POST') written.push(url);
    if (init.method === 'POST') return Promise.resolve(Response.json({ id: 9, html_url: 'new' }, { status: 201 }));
    if (url.endsWith('/logs')) return Promise.resolve(new Response(`log of ${url.split('/').at(-2) ?? ''}`));
    const page = Number(new URL(url).searchParams.get('page') ?? '1');
    const next = `<${url.replace(/[?&]page=\d+/, '')}&page=${page + 1}>; rel="next"`;
    const answer = Response.json(pages[page - 1], page < pages.length ? { headers: { link: next } } : {});
    return Promise.resolve(answer);
  };
  const octokit = new Octokit({ baseUrl: 'https://github.test', request: { fetch } });
  return { backend: { octokit, allowedRepositories: ['acme/*'] } as unknown as GitHubBackend, signal: never };
}

describe('the server', () => {
  it('finds its comment however long the talk has become since', async () => {
    const ours = { id: 7, html_url: 'old', body: 'x\n\n<!-- threehops:act-7 -->' };
    const written: string[] = [];
    const args = { ...repository, number: 1, body: 'x', key: 'act-7' };
    const others = [{ id: 1, html_url: 'u', body: 'hello' }];
    expect(await comment.handle(args, github([others, [ours]], written))).toMatchObject({ id: 7, created: false });
    expect(written).toEqual([]);
    expect(await comment.handle(args, github([others, others], written))).toMatchObject({ id: 9, created: true });
    expect(written).toHaveLength(1);
  });

  it('reads the logs of the failed jobs of all pages, of those that took too long too', async () => {
    const job = (id: number, conclusion: string): JsonObject => ({ id, name: `job-${id}`, conclusion });
    const succeeded = Array.from({ length: 99 }, (_, index) => job(index + 100, 'success'));
    const pages = [{ jobs: [...succeeded, job(2, 'failure')] }, { jobs: [job(3, 'timed_out')] }];
    const args = { ...repository, run_id: 5, failed_only: true };
    const answer = await getJobLogs.handle(args, github(pages));
    expect(answer).toMatchObject({ total_jobs: 101, failed_jobs: 2, logs: [{ job_id: 2 }, { job_id: 3 }] });
  });
});

describe('a look', () => {
  const pageOf = (args: JsonObject, all: readonly Json[]): readonly Json[] => {
    const [page, size] = [Number(args['page']), Number(args['perPage'])];
    return all.slice((page - 1) * size, page * size);
  };
  const others = (count: number, make: (name: string) => Json): readonly Json[] =>
    Array.from({ length: count }, (_, index) => make(`other-${index}`));
  const node = { repository, name: 'acme/shop', baseBranch: 'main', path: '' };
  const branch = (name: string): Json => ({ name, protected: true });
  const pull = (ref: string): Json => ({ number: 4, title: 't', html_url: 'u', head: { ref } });

  it('finds the base branch, sessions and jobs after the first page', async () => {
    const tools = fakeTools({
      list_branches: (args) => pageOf(args, [...others(150, branch), branch('main'), branch('threehops/a')]),
      list_pull_requests: (args) => pageOf(args, [...others(150, pull), pull('threehops/a')]),
      actions_list: (args) => ({
        workflow_jobs: {
          jobs: pageOf(
            args,
            others(150, (name) => ({ id: 1, name, conclusion: 'success' })),
          ),
        },
      }),
    });
    const context = probeContext(tools, {});
    expect((await branchFindings(node, context)).map(({ kind }) => kind)).toEqual([
      'github.BaseBranchProtected',
      'github.SessionBranches',
    ]);
    expect(await pullRequestFindings(node, context)).toHaveLength(1);
    expect(await listJobs(tools, repository, 1, never)).toHaveLength(150);
  });

  it('says so where there are too many', async () => {
    const tools = fakeTools({ list_branches: (args) => pageOf(args, others(5000, branch)) });
    await expect(branchFindings(node, probeContext(tools, {}))).rejects.toThrow('more than 2000 branches');
  });
});
