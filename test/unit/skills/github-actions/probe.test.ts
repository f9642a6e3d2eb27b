import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { probe } from '../../../../skills/github-actions/probe.ts';
import { dispatchSkipped, rerunFlaky, revertBrokenBuild } from '../../../../skills/github-actions/remedies.ts';
import { runFor } from '../../../../skills/github-actions/run-for.ts';
import { failed, fakeTools, never, nodeWith, probeContext } from '../lib/fake-tools.ts';

const sha = (digit: string) => digit.repeat(40);
const parameters = { repository: 'acme/shop', workflow: 'deploy.yaml', branch: 'main' };

function run(id: number, digit: string, conclusion: string, more: JsonObject = {}): JsonObject {
  return {
    id,
    run_number: id,
    run_attempt: 1,
    head_sha: sha(digit),
    head_branch: 'main',
    display_title: `commit ${digit}`,
    status: 'completed',
    conclusion,
    html_url: `https://x/runs/${id}`,
    created_at: `2026-11-20T10:0${id}:00Z`,
    updated_at: `2026-11-20T10:0${id}:30Z`,
    ...more,
  };
}

const log = [
  '2026-11-20T10:00:00.1234567Z > test',
  '2026-11-20T10:00:01.0000000Z \u001B[31m  AssertionError: expected 3 to be 4\u001B[0m',
  '2026-11-20T10:00:01.5000000Z \u001B[31m  AssertionError: expected 5 to be 6\u001B[0m',
  '2026-11-20T10:00:02.0000000Z 0 errors in lint',
  '2026-11-20T10:00:03.0000000Z ##[error]Process completed with exit code 1.',
].join('\n');

/** As `list_commits` answers it: the newest commit of the branch. */
function head(digit: string, message = 'newest'): JsonObject {
  const who = { name: 'Dana', email: 'dana@example.com', date: '2026-11-20T10:09:00Z' };
  return { sha: sha(digit), commit: { message, author: who, committer: who } };
}

/** The commit of the newest run. */
function headOf(runs: readonly JsonObject[]): JsonObject {
  return { ...head('c'), sha: runs.at(-1)?.['head_sha'] ?? sha('c') };
}

function tools(runs: readonly JsonObject[], text = log, newest = headOf(runs)) {
  return fakeTools({
    list_commits: () => [newest],
    actions_list: (args) =>
      args['method'] === 'list_workflow_jobs'
        ? {
            method: 'list_workflow_jobs',
            workflow_jobs: {
              jobs: [
                { id: 1, name: 'lint', status: 'completed', conclusion: 'success', steps: [] },
                {
                  id: 2,
                  name: 'build',
                  status: 'completed',
                  conclusion: 'failure',
                  steps: [
                    { name: 'checkout', conclusion: 'success' },
                    { name: 'npm test', conclusion: 'failure' },
                  ],
                },
              ],
            },
          }
        : {
            method: 'list_workflow_runs',
            workflow_runs: { total_count: runs.length, workflow_runs: runs as readonly Json[] },
          },
    get_job_logs: () => ({ logs: [{ job_id: 2, logs_content: text }] }),
  });
}

const look = (runs: readonly JsonObject[], text?: string, newest?: JsonObject) =>
  probe(probeContext(tools(runs, text, newest), parameters));
async function fixes(runs: readonly JsonObject[], text?: string) {
  const { findings, changes } = await look(runs, text);
  const context = { node: nodeWith(parameters), findings, changes, series: [] };
  return [...rerunFlaky.propose(context), ...revertBrokenBuild.propose(context)].toSorted(
    (a, b) => b.fitness - a.fitness,
  );
}

const red = [run(1, 'a', 'success'), run(2, 'b', 'failure'), run(3, 'c', 'failure')];

describe('the github-actions probe', () => {
  it('tells a newest commit that never ran, and starts what its message had asked to skip', async () => {
    const passed = [run(1, 'a', 'success')];
    const left = await look(passed, log, head('d', 'Change the docs'));
    const skipped = await look(passed, log, head('d', 'Mend it [skip ci]'));
    const told = [left, skipped].map(({ findings }) => findings.map(({ kind, severity }) => [kind, severity]));
    expect(told).toEqual([[['github-actions.NeverRun', 'Info']], [['github-actions.NeverRun', 'Warning']]]);
    const proposed = [left, skipped].map(({ findings, changes }) =>
      dispatchSkipped.propose({ node: nodeWith(parameters), findings, changes, series: [] }),
    );
    expect(proposed).toMatchObject([[], [{ action: 'github-actions.dispatch', parameters: { sha: sha('d') } }]]);
  });

  it('tells the failed run with its step and its error lines, and what runs instead', async () => {
    const { findings, logTemplates, changes, gaps } = await look(red);
    expect(gaps).toEqual([]);
    expect(findings.map(({ kind }) => kind)).toEqual(['github-actions.RunFailed', 'github-actions.DeployNeverReached']);
    expect(findings[0]).toMatchObject({
      severity: 'Critical',
      since: '2026-11-20T10:02:30.000Z',
      facts: {
        runId: 3,
        runAttempt: 1,
        sha: sha('c'),
        nature: 'Deterministic',
        failedStep: 'build: npm test',
        firstFailedSha: sha('b'),
        lastGoodSha: sha('a'),
        errorLines: ['AssertionError: expected 3 to be 4', 'error: Process completed with exit code 1.'],
      },
    });
    expect(findings[1]).toMatchObject({ severity: 'Warning', facts: { runningSha: sha('a') } });
    expect(logTemplates).toMatchObject([
      { template: 'AssertionError: expected <n> to be <n>', count: 2, level: 'Error' },
      { count: 1 },
    ]);
    expect(changes).toMatchObject([{ kind: 'Deploy', facts: { commit: sha('a'), previousCommit: null } }]);
  });

  it('reverts the commit with which a deterministic failure began', async () => {
    expect((await fixes(red))[0]).toMatchObject({
      action: 'github.revert-commit',
      parameters: { sha: sha('b'), repository: 'acme/shop', branch: 'main' },
    });
  });

  it('has nothing to say of a pipeline that passes', async () => {
    const { findings } = await look([run(1, 'a', 'failure'), run(2, 'b', 'success')]);
    expect(findings).toEqual([]);
  });

  it('does not count a failure from before the window, but keeps saying that the commit does not run', async () => {
    const old = { created_at: '2026-11-20T08:00:00Z', updated_at: '2026-11-20T08:01:00Z' };
    const { findings } = await look([run(1, 'a', 'success', old), run(2, 'b', 'failure', old)]);
    expect(findings.map(({ kind }) => kind)).toEqual(['github-actions.DeployNeverReached']);
  });

  it('is satisfied when a session’s branch was deployed since', async () => {
    const { findings } = await look([...red, run(4, 'd', 'success', { head_branch: 'threehops/s-1' })]);
    expect(findings.map(({ kind }) => kind)).toEqual(['github-actions.RunFailed']);
  });

  it('leaves out cancelled runs, those of other branches and those after the window', async () => {
    const noise = [
      run(4, 'd', 'cancelled'),
      run(5, 'e', 'failure', { head_branch: 'feature' }),
      run(6, 'f', 'failure', { created_at: '2026-11-20T12:00:00Z' }),
    ];
    const { findings } = await look([run(1, 'a', 'success'), ...noise]);
    expect(findings).toEqual([]);
  });

  it('calls a commit that passed before flaky, and reruns it first', async () => {
    const runs = [run(1, 'a', 'success'), run(2, 'a', 'failure')];
    expect((await look(runs)).findings[0]?.facts).toMatchObject({ nature: 'Flaky' });
    expect((await fixes(runs))[0]).toMatchObject({
      action: 'github-actions.rerun-failed',
      parameters: { runId: 2, runAttempt: 1 },
    });
  });

  it('calls a first failure of the network transient and reruns it, a second one deterministic', async () => {
    const text = 'npm error code ECONNRESET';
    expect((await fixes([run(1, 'a', 'success'), run(2, 'b', 'failure')], text))[0]?.action).toBe(
      'github-actions.rerun-failed',
    );
    const again = [run(1, 'a', 'success'), run(2, 'b', 'failure', { run_attempt: 2 })];
    expect((await fixes(again, text)).map(({ action }) => action)).toEqual(['github.revert-commit']);
  });

  it('tells a flaky commit that passed in the end', async () => {
    const { findings } = await look([run(1, 'a', 'failure'), run(2, 'a', 'success')]);
    expect(findings).toMatchObject([{ kind: 'github-actions.FlakyRun', severity: 'Info' }]);
  });

  it('throws when the runs cannot be listed, and costs a gap when a log cannot', async () => {
    const broken = fakeTools({ actions_list: () => failed('actions_list', 'Http500') });
    await expect(probe(probeContext(broken, parameters))).rejects.toMatchObject({ code: 'Http500' });
    const mute = tools(red);
    const call = mute.call.bind(mute);
    mute.call = (tool, args, signal) =>
      tool === 'get_job_logs' ? Promise.reject(failed(tool, 'Http410')) : call(tool, args, signal);
    const { gaps, findings } = await probe(probeContext(mute, parameters));
    expect(gaps).toMatchObject([{ what: 'log of run 3' }]);
    expect(findings[0]?.facts).toMatchObject({ failedStep: 'build: npm test', errorLines: [] });
  });
});

describe('runFor', () => {
  const of = (runs: readonly JsonObject[], digit: string) => runFor(tools(runs), parameters, sha(digit), never);

  it('is Absent, Waiting, Running and Completed', async () => {
    expect(await of(red, 'd')).toEqual({ status: 'Absent', conclusion: '' });
    const state = (status: string) => [run(4, 'd', '', { status })];
    expect(await of(state('queued'), 'd')).toMatchObject({ status: 'Waiting', runId: 4 });
    expect(await of(state('in_progress'), 'd')).toMatchObject({ status: 'Running' });
    expect(await of(red, 'a')).toEqual({
      status: 'Completed',
      conclusion: 'success',
      runId: 1,
      attempt: 1,
      url: 'https://x/runs/1',
    });
  });

  it('says in which step it failed, and with what', async () => {
    expect(await of(red, 'c')).toMatchObject({
      status: 'Completed',
      conclusion: 'failure',
      failedStep: 'build: npm test',
      reducedLog: ['AssertionError: expected 3 to be 4', 'error: Process completed with exit code 1.'],
    });
  });

  it('takes the newest run of a commit', async () => {
    expect(await of([run(1, 'a', 'failure'), run(2, 'a', 'success')], 'a')).toMatchObject({
      runId: 2,
      conclusion: 'success',
    });
  });
});
