import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { ToolUnavailable } from '../../../controller/mcp/errors.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { revertCommit } from '../../../skills/github/actions/revert-commit.ts';
import { server } from '../../../skills/github/server/server.ts';
import { skill as github } from '../../../skills/github/skill.ts';
import { dispatch } from '../../../skills/github-actions/actions/dispatch.ts';
import { rerunFailed } from '../../../skills/github-actions/actions/rerun-failed.ts';
import { runFor } from '../../../skills/github-actions/run-for.ts';
import { skill as codeEditor } from '../../../skills/code-editor/skill.ts';
import { skill as actions } from '../../../skills/github-actions/skill.ts';
import { objectOf } from '../../../skills/lib/reading.ts';
import { readTree, type RepositoryFile } from '../../../skills/lib/github/tree.ts';
import type { ActionContext, ProbeContext, Tools } from '../../../skills/skill.ts';
import { toolsFor, type HarnessTools } from '../../helpers/tool-harness.ts';
import { type Forge, startForge } from '../../lab/forge/forge.ts';
import { until } from '../../lab/parts/process.ts';

const fullName = 'acme/shop';
const where = { owner: 'acme', repo: 'shop' };
const branch = 'threehops/dbg-1-0a1b2c3d';
const signal = AbortSignal.timeout(300_000);

const workflow = `
name: deploy
on:
  push:
    branches: [main, 'threehops/**']
  workflow_dispatch:
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: check
        run: |
          test "$(cat level.txt)" -lt 10 || { echo "Error: level $(cat level.txt) is too high"; exit 1; }
`;

let forge: Forge;
let folder: string;
let tools: HarnessTools;
const shas: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-contract-'));
  forge = await startForge({ dataDir: join(folder, 'data'), signal });
  shas['first'] = await forge.createRepository(fullName, {
    files: {
      'level.txt': '7\n',
      'src/app.js': 'a\nb\nc\nd\ne\nf\n',
      'config/default.json': '{"batch": {"size": 1000}, "pool": {"max": 40}}\n',
      '.github/workflows/deploy.yaml': workflow,
    },
    protectedBranches: ['main'],
    date: new Date(Date.now() - 3_600_000),
  });
  shas['docs'] = await forge.commit(fullName, { files: { 'README.md': 'read\n' }, message: 'Document' });
  shas['bad'] = await forge.commit(fullName, {
    files: { 'level.txt': '12\n', 'src/app.js': 'a\nB\nc\nd\ne\nf\n' },
    message: 'Raise the level\n\nBecause.',
  });
  await forge.idle();
  tools = connect(forge.tokens.write, [fullName]);
}, 120_000);

afterAll(async () => {
  await tools.close();
  await forge.stop();
  rmSync(folder, { recursive: true, force: true });
});

function connect(
  token: string,
  allowedRepositories: readonly string[],
  allowedWorkflows: readonly string[] = [`${fullName}/deploy.yaml`],
): HarnessTools {
  const settings = { baseUrl: forge.apiUrl, allowedRepositories, allowedWorkflows };
  return toolsFor(server, settings, { token }, { access: 'ReadWrite', timeoutMs: 60_000 });
}

function context(parameters: JsonObject): ProbeContext {
  const window = { from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 1_000) };
  return {
    node: { id: 'shop/code', name: 'code', type: 'code', with: parameters },
    tools,
    clock: systemClock,
    window,
    signal,
  };
}

function actionContext(parameters: JsonObject, ref: string): ActionContext {
  return {
    ...context(parameters),
    manifestPaths: [],
    async readFile(path) {
      return forge.git(fullName, ['show', `${ref}:${path}`]).then(
        (text) => `${text}\n`,
        () => undefined,
      );
    },
  };
}

const repository = { repository: fullName };
const pipeline = { repository: fullName, workflow: 'deploy.yaml', branch: 'main' };
const sha = (name: string): string => shas[name] ?? '';

describe('github on the forge', () => {
  it('probes the repository', async () => {
    const result = await github.probe?.(context(repository));
    expect(result?.gaps).toEqual([]);
    expect(result?.changes.map(({ facts }) => facts?.['sha'])).toEqual([sha('bad'), sha('docs'), sha('first')]);
    expect(result?.changes[0]).toMatchObject({
      kind: 'Commit',
      facts: {
        message: 'Raise the level',
        additions: 2,
        deletions: 2,
        parents: [sha('docs')],
        touchesRunningCode: true,
      },
    });
    expect(result?.changes[1]?.facts).toMatchObject({ touchesRunningCode: false });
    expect(result?.findings.map(({ kind }) => kind)).toEqual(['github.RecentCommits', 'github.BaseBranchProtected']);
    const settings = await codeEditor.probe?.(context(repository));
    expect(settings?.findings[0]?.facts?.['settings']).toEqual([
      { path: 'config/default.json', key: 'batch.size', value: 1000, affects: 'Memory' },
      { path: 'config/default.json', key: 'pool.max', value: 40, affects: 'Connections' },
    ]);
  });

  it('probes the pipeline: which step failed, with what, and what runs instead', async () => {
    const result = await actions.probe?.(context(pipeline));
    expect(result?.gaps).toEqual([]);
    expect(result?.findings).toMatchObject([
      {
        kind: 'github-actions.RunFailed',
        facts: {
          sha: sha('bad'),
          firstFailedSha: sha('bad'),
          lastGoodSha: sha('docs'),
          nature: 'Deterministic',
          failedStep: 'build: check',
        },
      },
      { kind: 'github-actions.DeployNeverReached', facts: { runningSha: sha('docs') } },
    ]);
    expect(result?.findings[0]?.facts?.['errorLines']).toContain('Error: level 12 is too high');
    const remedied = { node: context(pipeline).node, findings: result?.findings ?? [], changes: [], series: [] };
    const fixes = actions.remedies
      .flatMap((remedy) => remedy.propose(remedied))
      .toSorted((a, b) => b.fitness - a.fitness);
    expect(fixes[0]).toMatchObject({ action: 'github.revert-commit', parameters: { sha: sha('bad') } });
  });

  it('reverts on a session’s branch, is built there, and leaves main alone', async () => {
    const rendered = await revertCommit.render(actionContext(repository, 'main'), { sha: sha('bad') });
    expect(rendered.edits.map(({ path }) => path)).toEqual(['level.txt', 'src/app.js']);
    const commit = {
      ...where,
      branch,
      base: sha('bad'),
      edits: rendered.edits.map(({ path, content }) => ({ path, content })),
      message: 'Revert "Raise the level"',
      trailers: { 'Threehops-Session': 'uid-1', 'Threehops-Action': 'act-1' },
      author: { name: 'Threehops', email: 'threehops@example.com' },
      date: '2026-11-20T10:11:12Z',
    };
    const pushed = objectOf(await tools.call('threehops_push_commit', commit, signal));
    expect(pushed).toMatchObject({ created: true, parent: sha('bad') });
    expect(await tools.call('threehops_push_commit', commit, signal)).toEqual({ ...pushed, created: false });
    expect(forge.counters.pushes).toBe(1);
    shas['pushed'] = String(pushed['sha'] as string);
    const find = (more: JsonObject) => tools.call('threehops_find_commit', { ...where, branch, ...more }, signal);
    expect(await find({})).toMatchObject({ head: sha('pushed'), branchExists: true });
    expect(await find({ sha: sha('pushed') })).toMatchObject({ found: true, parent: sha('bad') });
    expect(await find({ trailer: 'Threehops-Action: act-1' })).toMatchObject({ found: true, sha: sha('pushed') });
    expect(await find({ trailer: 'Threehops-Action: other' })).toMatchObject({ found: false });
    expect(await find({ branch: 'threehops/none', sha: sha('bad') })).toEqual({ found: false, branchExists: false });
    const done = await until(
      'the pipeline',
      async () => {
        const run = await runFor(tools, pipeline, sha('pushed'), signal, branch);
        return run.status === 'Completed' ? run : undefined;
      },
      60_000,
    );
    expect(done).toMatchObject({ conclusion: 'success', attempt: 1 });
    expect(await forge.git(fullName, ['rev-parse', 'main'])).toBe(sha('bad'));
  });

  it('no longer says that the commit was never deployed, and sees the session’s branch', async () => {
    const result = await actions.probe?.(context(pipeline));
    expect(result?.findings.map(({ kind }) => kind)).toEqual(['github-actions.RunFailed']);
    const seen = await github.probe?.(context(repository));
    expect(seen?.findings.map(({ kind }) => kind)).toContain('github.SessionBranches');
    const own = await github.probe?.(context({ ...repository, baseBranch: branch }));
    expect(own?.changes.map(({ facts }) => facts?.['sha'])).not.toContain(sha('pushed'));
  });

  it('opens one pull request, brings it up to date, comments once', async () => {
    const request = { ...where, title: 'Debug: shop', body: 'draft', head: branch, base: 'main', draft: true };
    const { number, url } = (await tools.call('create_pull_request', request, signal)) as {
      number: number;
      url: string;
    };
    await expect(tools.call('create_pull_request', request, signal)).rejects.toMatchObject({ code: 'Http422' });
    const listed = await tools.call('list_pull_requests', { ...where, head: `acme:${branch}`, state: 'all' }, signal);
    expect(listed).toMatchObject([{ number, html_url: url, draft: true, head: { ref: branch, sha: sha('pushed') } }]);
    const update = { ...where, number, title: 'Debug: shop is well', body: 'done', draft: false };
    expect(await tools.call('threehops_update_pull_request', update, signal)).toMatchObject({ number, draft: false });
    expect(forge.pulls(fullName)).toMatchObject([{ number, title: 'Debug: shop is well', draft: false }]);
    const comment = { ...where, number, body: 'Iteration 1 failed.', key: 'act-7' };
    expect(await tools.call('threehops_comment', comment, signal)).toMatchObject({ created: true });
    expect(await tools.call('threehops_comment', comment, signal)).toMatchObject({ created: false });
    expect(forge.counters).toMatchObject({ pullsCreated: 1, mergesAttempted: 0 });
  });

  it('starts the workflow of the newest commit by hand, and no other', async () => {
    const acting = actionContext(pipeline, 'main');
    const rendered = await dispatch.render(acting, { sha: sha('bad') });
    const stale = { ...rendered.frozen, sha: sha('docs') };
    expect(await dispatch.execute?.(acting, stale, 'act-8')).toMatchObject({ dispatched: false });
    expect(await dispatch.unchanged?.(acting, rendered)).toBe(true);
    expect(await dispatch.execute?.(acting, rendered.frozen, 'act-8')).toMatchObject({ dispatched: true });
    expect(await dispatch.probe?.(acting, rendered.frozen, 'act-8')).toMatchObject({ verdict: 'Happened' });
    expect(await dispatch.unchanged?.(acting, rendered)).toBe(false);
    await forge.idle();
    expect(await dispatch.settled?.(acting, rendered.frozen, {})).toMatchObject({ state: 'Failed' });
    const events = forge.runs(fullName).filter(({ headSha }) => headSha === sha('bad'));
    expect(events.map(({ event }) => event)).toEqual(['push', 'workflow_dispatch']);
    await expect(dispatch.render(acting, { sha: sha('docs') })).rejects.toMatchObject({ code: 'OtherCommit' });
  });

  it('reruns the failed jobs once', async () => {
    const run = await runFor(tools, pipeline, sha('bad'), signal);
    expect(run).toMatchObject({ conclusion: 'failure', failedStep: 'build: check' });
    const acting = actionContext(pipeline, 'main');
    const rendered = await rerunFailed.render(acting, { runId: run.runId ?? 0, runAttempt: 1 });
    const execute = () => rerunFailed.execute?.(acting, rendered.frozen, 'act-9');
    expect(await execute()).toMatchObject({ rerun: true });
    await until('the new attempt', async () => {
      const occurrence = await rerunFailed.probe?.(acting, rendered.frozen, 'act-9');
      return occurrence?.verdict === 'Happened' ? true : undefined;
    });
    expect(await execute()).toMatchObject({ rerun: false });
    await forge.idle();
    expect(await rerunFailed.settled?.(acting, rendered.frozen, {})).toMatchObject({ state: 'Failed' });
    expect((await runFor(tools, pipeline, sha('bad'), signal)).attempt).toBe(2);
  });

  it('reads files, folders and whole trees', async () => {
    const read = (args: JsonObject) => tools.call('get_file_contents', { ...where, ...args }, signal);
    expect(await read({ path: 'level.txt', ref: 'refs/heads/main' })).toMatchObject({ text: '12\n' });
    expect(await read({ path: 'level.txt', sha: sha('first') })).toMatchObject({ text: '7\n' });
    expect(await read({ path: 'src' })).toMatchObject([{ type: 'file', path: 'src/app.js' }]);
    await expect(read({ path: 'none.txt' })).rejects.toMatchObject({ code: 'Http404' });
    const whole = await readTree(tools, fullName, sha('bad'), signal);
    const foreign: Tools = {
      call: (tool, args, stop) =>
        tool.startsWith('threehops_')
          ? Promise.reject(new ToolUnavailable({ server: 'other', tool }, 'no such tool'))
          : tools.call(tool, args, stop),
    };
    const plain = (files: readonly RepositoryFile[]) =>
      new Map(files.map((file) => [file.path, Buffer.from(file.content).toString()]));
    expect(plain(await readTree(foreign, fullName, sha('bad'), signal))).toEqual(plain(whole));
    expect(whole).toHaveLength(5);
    const tree = (await tools.call('threehops_read_tree', { ...where, sha: sha('bad') }, signal)) as {
      files: JsonObject[];
    };
    const level = tree.files.find(({ path }) => path === 'level.txt');
    expect(Buffer.from(String(level?.['base64'] as string), 'base64').toString()).toBe('12\n');
    expect(tree.files).toHaveLength(5);
  });

  it('starts no workflow that nobody allowed, by whatever name, and runs none again', async () => {
    const before = forge.writes.length;
    await using narrow = connect(forge.tokens.admin, [fullName], [`${fullName}/test.yaml`, 'acme/*/deploy.yaml/x']);
    const run = await runFor(tools, pipeline, sha('bad'), signal);
    const id = forge.runs(fullName).find((one) => one.id === run.runId)?.workflow.id;
    const start = { ...where, branch: 'main', expected_sha: sha('bad') };
    const calls: readonly (readonly [string, JsonObject])[] = [
      ['threehops_dispatch_workflow', { ...start, workflow: 'deploy.yaml' }],
      ['threehops_dispatch_workflow', { ...start, workflow: String(id) }],
      ['threehops_rerun_failed_jobs', { ...where, run_id: run.runId ?? 0, run_attempt: 2 }],
    ];
    for (const [tool, args] of calls) {
      await expect(narrow.call(tool, args, signal)).rejects.toMatchObject({ code: 'WorkflowNotAllowed' });
    }
    expect(forge.writes.length).toBe(before);
  });

  it.each(['deploy.yaml@v2.yaml', 'Deploy.yaml'])('starts no workflow for its likeness: %s', async (file) => {
    const repo = file.replace('@', '-');
    await forge.createRepository(`acme/${repo}`, { files: { [`.github/workflows/${file}`]: workflow } });
    const head = await forge.commit(`acme/${repo}`, { files: { 'level.txt': '12\n' }, message: 'Raise it' });
    await using narrow = connect(forge.tokens.admin, ['acme/*'], ['acme/*/deploy.yaml']);
    await forge.idle();
    const before = forge.writes.length;
    const start = { owner: 'acme', repo, branch: 'main', expected_sha: head, workflow: file };
    const [run] = forge.runs(`acme/${repo}`);
    const again = { owner: 'acme', repo, run_id: run?.id ?? 0, run_attempt: 1 };
    const refusal = { code: 'WorkflowNotAllowed' };
    await expect(narrow.call('threehops_dispatch_workflow', start, signal)).rejects.toMatchObject(refusal);
    await expect(narrow.call('threehops_rerun_failed_jobs', again, signal)).rejects.toMatchObject(refusal);
    expect(forge.writes.length).toBe(before);
  });

  it('writes nothing to what it may not, whatever the token could', async () => {
    const before = forge.writes.length;
    await using powerful = connect(forge.tokens.admin, [fullName]);
    await using nowhere = connect(forge.tokens.admin, []);
    const pull = { ...where, title: 't', head: 'feature', base: 'main' };
    await expect(powerful.call('create_pull_request', pull, signal)).rejects.toMatchObject({
      code: 'InvalidArguments',
    });
    await expect(powerful.call('create_branch', { ...where, branch: 'release' }, signal)).rejects.toMatchObject({
      code: 'InvalidArguments',
    });
    const calls: readonly (readonly [string, JsonObject])[] = [
      ['create_branch', { ...where, branch: 'threehops/x' }],
      ['create_pull_request', { ...pull, head: branch }],
      ['threehops_comment', { ...where, number: 1, body: 'x', key: 'k' }],
      ['threehops_update_pull_request', { ...where, number: 1, title: 'x' }],
      ['threehops_rerun_failed_jobs', { ...where, run_id: 1, run_attempt: 1 }],
      ['threehops_dispatch_workflow', { ...where, workflow: 'deploy.yaml', branch: 'main', expected_sha: sha('bad') }],
    ];
    for (const [tool, args] of calls) {
      await expect(nowhere.call(tool, args, signal)).rejects.toMatchObject({ code: 'RepositoryNotAllowed' });
    }
    expect(forge.writes.length).toBe(before);
    expect(server.tools.some(({ name }) => /merge|delete/.test(name))).toBe(false);
  });
});
