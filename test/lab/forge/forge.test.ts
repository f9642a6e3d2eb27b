import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../parts/process.ts';
import { type Forge, startForge } from './forge.ts';
import { clientGit, octokitFor, urlWithToken } from './testing/client.ts';

const owner = 'acme';
const repo = 'payments';
const fullName = `${owner}/${repo}`;

const workflow = `
name: ci
on:
  push:
    branches: [main, 'threehops/**']
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          cat number.txt
          test "$(git rev-parse HEAD)" = "$GITHUB_SHA"
          test "$(cat number.txt)" -lt 10
`;

describe('the whole path: clone, push, workflow, pull request', () => {
  let forge: Forge;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forge-test-'));
    forge = await startForge({ dataDir: join(folder, 'data'), signal: new AbortController().signal });
    await forge.createRepository(fullName, {
      files: { 'number.txt': '7\n', '.github/workflows/ci.yaml': workflow },
      protectedBranches: ['main'],
    });
  });

  afterAll(async () => {
    await forge.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const pushNumber = async (branch: string, number: number): Promise<string> => {
    const clone = mkdtempSync(join(folder, 'clone-'));
    await clientGit(clone, 'clone', '-q', urlWithToken(forge, fullName, forge.tokens.write), '.');
    writeFileSync(join(clone, 'number.txt'), `${number}\n`);
    await clientGit(clone, 'commit', '-qam', `Set ${number}`);
    const pushed = await clientGit(clone, 'push', 'origin', `HEAD:refs/heads/${branch}`);
    expect(pushed).toMatchObject({ code: 0 });
    return (await clientGit(clone, 'rev-parse', 'HEAD')).output.trim();
  };

  const finishedRun = (sha: string): Promise<{ id: number; conclusion: string | null }> =>
    until(`the run of ${sha}`, async () => {
      const octokit = octokitFor(forge, forge.tokens.read);
      const { data } = await octokit.actions.listWorkflowRunsForRepo({ owner, repo, head_sha: sha });
      return data.workflow_runs.find(({ status }) => status === 'completed');
    });

  test('a push runs the workflow at that commit, and a pull request shows the change', async () => {
    const sha = await pushNumber('threehops/fix', 8);
    expect(await finishedRun(sha)).toMatchObject({ conclusion: 'success' });
    const octokit = octokitFor(forge, forge.tokens.write);
    const { data: pull } = await octokit.pulls.create({
      owner,
      repo,
      title: 'Fix',
      head: 'threehops/fix',
      base: 'main',
    });
    expect(pull).toMatchObject({ number: 1, state: 'open', commits: 1, changed_files: 1, head: { sha } });
    expect(forge.counters).toMatchObject({ pushes: 1, pullsCreated: 1, mergesAttempted: 0 });
  });

  test('a failing step fails the run and its log says so', async () => {
    const sha = await pushNumber('threehops/worse', 12);
    const run = await finishedRun(sha);
    expect(run.conclusion).toBe('failure');
    const octokit = octokitFor(forge, forge.tokens.read);
    const { data } = await octokit.actions.listJobsForWorkflowRun({ owner, repo, run_id: run.id });
    const [job] = data.jobs;
    expect(job?.steps?.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'failure', 'success']);
    const log = await octokit.actions.downloadJobLogsForWorkflowRun({ owner, repo, job_id: job?.id ?? 0 });
    expect(log.data).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{7}Z 12$/m);
    expect(log.data).toContain('##[error]Process completed with exit code 1.');
  });
});
