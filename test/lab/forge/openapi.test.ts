import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Forge, startForge } from './forge.ts';
import { allRoutes } from './routes/all.ts';
import { checkedOctokit, refusal } from './testing/checked-client.ts';
import { GitHubDescription } from './testing/openapi.ts';

const owner = 'acme';
const repo = 'payments';
const here = { owner, repo };

const workflow = `
name: deploy
on:
  push: {branches: ['**']}
  workflow_dispatch: {inputs: {level: {default: low}}}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: test ! -e broken
`;

describe("answers are as GitHub's OpenAPI description has them", () => {
  const description = new GitHubDescription();
  const exercised = new Set<string>();
  let folder: string;
  let forge: Forge;
  let write: Octokit;
  let read: Octokit;
  let first: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forge-openapi-'));
    forge = await startForge({ dataDir: folder, signal: new AbortController().signal });
    first = await forge.createRepository('acme/payments', {
      files: { 'README.md': '# Payments\n', 'src/main.js': 'run();\n', '.github/workflows/deploy.yaml': workflow },
      protectedBranches: ['main'],
    });
    await forge.createRepository('acme/empty');
    write = checkedOctokit(forge, forge.tokens.write, description, exercised);
    read = checkedOctokit(forge, forge.tokens.read, description, exercised);
  });

  afterAll(async () => {
    await forge.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('user, rate limit and repository', async () => {
    expect((await read.users.getAuthenticated()).data.login).toBe('reader');
    const { headers } = await read.rateLimit.get();
    expect(headers['x-ratelimit-limit']).toBe('5000');
    expect((await read.repos.get(here)).data).toMatchObject({ full_name: 'acme/payments', default_branch: 'main' });
  });

  test('git data: a branch made of blobs, a tree, a commit and a ref', async () => {
    const { data: blob } = await write.git.createBlob({ ...here, content: 'aGVsbG8=', encoding: 'base64' });
    const entry = { path: 'src/hello.txt', mode: '100644', type: 'blob', sha: blob.sha } as const;
    const inline = { path: 'new.txt', mode: '100644', type: 'blob', content: 'new\n' } as const;
    const { data: tree } = await write.git.createTree({ ...here, base_tree: first, tree: [entry, inline] });
    const { data: commit } = await write.git.createCommit({
      ...here,
      message: 'Add hello',
      tree: tree.sha,
      parents: [first],
    });
    await write.git.createRef({ ...here, ref: 'refs/heads/threehops/data', sha: commit.sha });
    expect((await read.git.getRef({ ...here, ref: 'heads/threehops/data' })).data.object.sha).toBe(commit.sha);
    expect((await read.git.listMatchingRefs({ ...here, ref: 'heads/threehops/' })).data).toHaveLength(1);
    expect((await read.git.getCommit({ ...here, commit_sha: commit.sha })).data.message).toBe('Add hello');
    expect((await read.git.getBlob({ ...here, file_sha: blob.sha })).data.content).toBe('aGVsbG8=\n');
    const { data: listing } = await read.git.getTree({ ...here, tree_sha: 'threehops/data', recursive: '1' });
    expect(listing.tree.map(({ path }) => path)).toContain('src/hello.txt');
    expect(await forge.git('acme/payments', ['show', 'threehops/data:src/hello.txt'])).toBe('hello');
  });

  test('refs move forwards only, unless forced, and can be deleted', async () => {
    const ref = 'heads/threehops/moving';
    const ahead = await forge.commit('acme/payments', {
      branch: 'threehops/moving',
      message: 'Move',
      files: { a: 'a' },
    });
    expect(await refusal(write.git.updateRef({ ...here, ref, sha: first }))).toMatchObject({
      status: 422,
      message: expect.stringContaining('not a fast forward'),
    });
    expect((await write.git.updateRef({ ...here, ref, sha: first, force: true })).data.object.sha).toBe(first);
    expect((await write.git.updateRef({ ...here, ref, sha: ahead })).data.object.sha).toBe(ahead);
    await write.git.deleteRef({ ...here, ref });
    expect(await refusal(read.git.getRef({ ...here, ref }))).toMatchObject({ status: 404 });
    expect(await refusal(write.git.deleteRef({ ...here, ref }))).toMatchObject({ status: 422 });
  });

  test('contents: read a file, a folder and the root; create, update, delete', async () => {
    const file = (await read.repos.getContent({ ...here, path: 'README.md' })).data;
    expect(file).toMatchObject({ type: 'file', encoding: 'base64', content: 'IyBQYXltZW50cwo=\n' });
    expect((await read.repos.getContent({ ...here, path: 'src' })).data).toMatchObject([
      { name: 'main.js', type: 'file' },
    ]);
    expect((await read.repos.getContent({ ...here, path: '' })).data).toHaveLength(3);
    const raw = await read.repos.getContent({ ...here, path: 'README.md', mediaType: { format: 'raw' } });
    expect(raw.data).toBe('# Payments\n');
    const branch = 'threehops/contents';
    await write.git.createRef({ ...here, ref: `refs/heads/${branch}`, sha: first });
    const target = { ...here, branch, path: 'docs/note.md' };
    const content = (text: string): string => Buffer.from(text).toString('base64');
    const made = await write.repos.createOrUpdateFileContents({ ...target, message: 'Note', content: content('one') });
    expect(made.status).toBe(201);
    const sha = made.data.content?.sha ?? '';
    const without = write.repos.createOrUpdateFileContents({ ...target, message: 'Note', content: content('two') });
    expect(await refusal(without)).toMatchObject({ status: 422 });
    const wrong = write.repos.createOrUpdateFileContents({
      ...target,
      message: 'N',
      content: content('two'),
      sha: first,
    });
    expect(await refusal(wrong)).toMatchObject({ status: 409 });
    const updated = await write.repos.createOrUpdateFileContents({
      ...target,
      message: 'Note',
      content: content('two'),
      sha,
    });
    expect(updated.status).toBe(200);
    await write.repos.deleteFile({ ...target, message: 'Drop', sha: updated.data.content?.sha ?? '' });
    expect(await refusal(read.repos.getContent({ ...here, path: 'docs/note.md', ref: branch }))).toMatchObject({
      status: 404,
    });
    expect(await forge.git('acme/payments', ['rev-list', '--count', `main..${branch}`])).toBe('3');
  });

  test('commits, comparison and branches', async () => {
    const branch = 'threehops/history';
    await forge.commit('acme/payments', { branch, message: 'One', files: { 'src/main.js': 'walk();\n' } });
    const tip = await forge.commit('acme/payments', { branch, message: 'Two', files: { 'other.txt': 'x\n' } });
    const { data: commits } = await read.repos.listCommits({ ...here, sha: branch, path: 'src', per_page: 1 });
    expect(commits.map(({ commit }) => commit.message)).toEqual(['One']);
    const { data: commit } = await read.repos.getCommit({ ...here, ref: tip });
    expect(commit.files).toMatchObject([
      { filename: 'other.txt', status: 'added', additions: 1, patch: '@@ -0,0 +1 @@\n+x' },
    ]);
    const { data: comparison } = await read.repos.compareCommitsWithBasehead({ ...here, basehead: `main...${branch}` });
    expect(comparison).toMatchObject({ status: 'ahead', ahead_by: 2, behind_by: 0 });
    expect(comparison.files?.map(({ filename }) => filename)).toEqual(['other.txt', 'src/main.js']);
    const { data: branches } = await read.repos.listBranches({ ...here, protected: true });
    expect(branches.map(({ name }) => name)).toEqual(['main']);
    expect((await read.repos.getBranch({ ...here, branch })).data).toMatchObject({
      protected: false,
      commit: { sha: tip },
    });
    const { data: rule } = await read.repos.getBranchProtection({ ...here, branch: 'main' });
    expect(rule.required_pull_request_reviews?.required_approving_review_count).toBe(1);
    expect(await refusal(read.repos.getBranchProtection({ ...here, branch }))).toMatchObject({ status: 404 });
    expect(await refusal(read.repos.getCommit({ ...here, ref: 'nothing' }))).toMatchObject({ status: 422 });
    expect(await refusal(read.repos.listCommits({ owner, repo: 'empty' }))).toMatchObject({ status: 409 });
  });

  test('pull requests, comments and labels', async () => {
    const branch = 'threehops/pull';
    const sha = await forge.commit('acme/payments', { branch, message: 'Fix', files: { 'fix.txt': 'fixed\n' } });
    const asked = { ...here, title: 'Fix it', head: branch, base: 'main', body: 'Why', draft: true };
    const { data: pull } = await write.pulls.create(asked);
    expect(pull).toMatchObject({ draft: true, mergeable: true, mergeable_state: 'draft', changed_files: 1 });
    expect(await refusal(write.pulls.create(asked))).toMatchObject({
      status: 422,
      errors: [{ code: 'custom', message: `A pull request already exists for acme:${branch}.` }],
    });
    expect(await refusal(write.pulls.create({ ...asked, head: 'nowhere' }))).toMatchObject({
      errors: [{ field: 'head' }],
    });
    const it = { ...here, pull_number: pull.number };
    expect((await read.pulls.get(it)).data.head.sha).toBe(sha);
    expect((await read.pulls.list({ ...here, head: `acme:${branch}`, state: 'all' })).data).toHaveLength(1);
    expect((await read.pulls.listFiles(it)).data).toMatchObject([{ filename: 'fix.txt' }]);
    expect((await read.pulls.listCommits(it)).data).toMatchObject([{ sha }]);
    expect((await read.repos.listPullRequestsAssociatedWithCommit({ ...here, commit_sha: sha })).data).toHaveLength(1);
    expect((await write.pulls.update({ ...it, title: 'Fix it now', body: 'Because' })).data.title).toBe('Fix it now');
    const issue = { ...here, issue_number: pull.number };
    const { data: comment } = await write.issues.createComment({ ...issue, body: 'Seen' });
    await write.issues.updateComment({ ...here, comment_id: comment.id, body: 'Seen twice' });
    expect((await read.issues.getComment({ ...here, comment_id: comment.id })).data.body).toBe('Seen twice');
    expect((await read.issues.listComments(issue)).data).toHaveLength(1);
    await write.issues.deleteComment({ ...here, comment_id: comment.id });
    await write.issues.createLabel({ ...here, name: 'threehops', color: '00ff00' });
    await write.issues.addLabels({ ...issue, labels: ['threehops', 'new'] });
    await write.issues.setLabels({ ...issue, labels: ['threehops', 'other'] });
    await write.issues.removeLabel({ ...issue, name: 'other' });
    expect((await read.issues.listLabelsOnIssue(issue)).data.map(({ name }) => name)).toEqual(['threehops']);
    expect((await read.issues.listLabelsForRepo(here)).data).toHaveLength(3);
    expect((await write.pulls.update({ ...it, state: 'closed' })).data.state).toBe('closed');
  });

  test('statuses of a commit', async () => {
    await write.repos.createCommitStatus({ ...here, sha: first, state: 'pending', context: 'deploy' });
    await write.repos.createCommitStatus({
      ...here,
      sha: first,
      state: 'success',
      context: 'deploy',
      description: 'Done',
    });
    expect((await read.repos.listCommitStatusesForRef({ ...here, ref: 'main' })).data).toHaveLength(2);
    expect((await read.repos.getCombinedStatusForRef({ ...here, ref: first })).data).toMatchObject({
      state: 'success',
      total_count: 1,
    });
  });

  test('workflows, runs, jobs, logs, check runs, rerun, dispatch', async () => {
    const { data: workflows } = await read.actions.listRepoWorkflows(here);
    expect(workflows.workflows).toMatchObject([{ name: 'deploy', path: '.github/workflows/deploy.yaml' }]);
    const workflow_id = 'deploy.yaml';
    expect((await read.actions.getWorkflow({ ...here, workflow_id })).data.state).toBe('active');
    const sha = await forge.commit('acme/payments', {
      branch: 'threehops/red',
      message: 'Break',
      files: { broken: '' },
    });
    const { data: queued } = await read.actions.listWorkflowRunsForRepo({ ...here, head_sha: sha });
    const run_id = queued.workflow_runs[0]?.id ?? 0;
    expect(await refusal(write.actions.reRunWorkflow({ ...here, run_id }))).toMatchObject({ status: 403 });
    await forge.idle();
    expect((await read.actions.getWorkflowRun({ ...here, run_id })).data).toMatchObject({
      conclusion: 'failure',
      head_sha: sha,
    });
    const failed = await read.actions.listWorkflowRuns({
      ...here,
      workflow_id,
      status: 'failure',
      branch: 'threehops/red',
    });
    expect(failed.data.total_count).toBe(1);
    const { data: jobs } = await read.actions.listJobsForWorkflowRun({ ...here, run_id });
    const job_id = jobs.jobs[0]?.id ?? 0;
    expect((await read.actions.getJobForWorkflowRun({ ...here, job_id })).data.name).toBe('build');
    const manual = { request: { redirect: 'manual' } } as const;
    const job = await read.actions.downloadJobLogsForWorkflowRun({ ...here, job_id, ...manual });
    expect(job.headers['location']).toContain(forge.url);
    const logs = await read.actions.downloadWorkflowRunLogs({ ...here, run_id, ...manual });
    const archive = Buffer.from(await (await fetch(logs.headers['location'] ?? '')).arrayBuffer());
    expect(archive.toString('latin1')).toContain('build/3_Run test ! -e broken.txt');
    const { data: checks } = await read.checks.listForRef({ ...here, ref: sha });
    expect(checks.check_runs).toMatchObject([{ id: job_id, conclusion: 'failure', app: { slug: 'github-actions' } }]);
    expect((await read.checks.get({ ...here, check_run_id: job_id })).data.head_sha).toBe(sha);
    await write.actions.reRunWorkflowFailedJobs({ ...here, run_id });
    await forge.idle();
    await write.actions.reRunWorkflow({ ...here, run_id });
    await forge.idle();
    expect((await read.actions.getWorkflowRun({ ...here, run_id })).data.run_attempt).toBe(3);
    expect((await read.actions.getWorkflowRunAttempt({ ...here, run_id, attempt_number: 1 })).data.conclusion).toBe(
      'failure',
    );
    expect(
      (await read.actions.listJobsForWorkflowRunAttempt({ ...here, run_id, attempt_number: 2 })).data.total_count,
    ).toBe(1);
    expect(await refusal(write.actions.cancelWorkflowRun({ ...here, run_id }))).toMatchObject({ status: 409 });
    await write.actions.createWorkflowDispatch({ ...here, workflow_id, ref: 'main', inputs: { level: 'high' } });
    const { data: dispatched } = await read.actions.listWorkflowRunsForRepo({ ...here, event: 'workflow_dispatch' });
    const dispatchedId = dispatched.workflow_runs[0]?.id ?? 0;
    await write.actions.cancelWorkflowRun({ ...here, run_id: dispatchedId });
    await forge.idle();
    expect((await read.actions.getWorkflowRun({ ...here, run_id: dispatchedId })).data.conclusion).toBe('cancelled');
    const odd = write.actions.createWorkflowDispatch({ ...here, workflow_id, ref: 'main', inputs: { colour: 'red' } });
    expect(await refusal(odd)).toMatchObject({ status: 422 });
  });

  test('a merge is refused, whoever asks', async () => {
    expect(await refusal(write.pulls.merge({ ...here, pull_number: 1 }))).toMatchObject({ status: 405 });
    expect(await refusal(write.repos.merge({ ...here, base: 'main', head: 'threehops/red' }))).toMatchObject({
      status: 403,
    });
    expect(forge.counters.mergesAttempted).toBe(2);
    expect(await forge.git('acme/payments', ['rev-parse', 'main'])).toBe(first);
  });

  test('every route of the forge was asked and gave an answer that was checked', () => {
    const missing = allRoutes
      .filter(({ writes }) => writes !== 'merge')

      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => !exercised.has(route));
    expect(missing).toEqual([]);
  });
});
