import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../parts/process.ts';
import type { ForgeOptions } from './options.ts';
import { octokitFor } from './testing/client.ts';
import { sleepers } from './testing/processes.ts';
import { openWorkshop, type Workshop } from './testing/workshop.ts';
import type { Run } from './world/run.ts';

const fullName = 'acme/store';
const here = { owner: 'acme', repo: 'store' };
const file = '.github/workflows/ci.yaml';

/** A workflow with one job, which runs these steps (YAML list items) on every push. */
function oneJob(...steps: readonly string[]): string {
  const list = steps.map((step) => `      - ${step.replaceAll('\n', '\n        ')}`);
  return ['on: push', 'jobs:', '  build:', '    runs-on: ubuntu-latest', '    steps:', ...list].join('\n');
}

describe('workflow runs', () => {
  let workshop: Workshop;

  afterEach(() => workshop.stop());

  /** Makes a repository with the workflow and lets it run to its end. */
  const runOf = async (workflow: string, options: Partial<ForgeOptions> = {}): Promise<Run> => {
    workshop = await openWorkshop(options);
    await workshop.forge.createRepository(fullName, {
      files: { [file]: workflow, 'a.txt': 'a\n' },
      runWorkflows: true,
    });
    await workshop.forge.idle();
    const [run] = workshop.forge.runs(fullName);
    if (run === undefined) throw new Error('no run was started');
    return run;
  };

  const logOf = (run: Run, key = 'build'): string => run.jobs.findLast((job) => job.key === key)?.log.text ?? '';

  const conclusions = (run: Run): Record<string, string | null> =>
    Object.fromEntries(
      run.jobs.filter(({ attempt }) => attempt === run.attempt).map(({ key, conclusion }) => [key, conclusion]),
    );

  test('steps see what GitHub gives them, and nothing of the machine', async () => {
    process.env['FORGE_TEST_LEAK'] = 'leaked';
    const run = await runOf(
      oneJob(
        'uses: actions/checkout@v4',
        'run: |\n  echo "$GITHUB_SHA ${{ github.sha }} $(git rev-parse HEAD)"\n  echo "ref ${{ github.ref_name }} $GITHUB_REF_NAME"\n  echo "run $GITHUB_RUN_ID $GITHUB_REPOSITORY"\n  echo "leak [$FORGE_TEST_LEAK]"\n  echo "uid $(id -u)"\n  cat a.txt; node --version',
      ),
    );
    delete process.env['FORGE_TEST_LEAK'];
    const { headSha } = run;
    expect(run.conclusion).toBe('success');
    expect(logOf(run)).toContain(`${headSha} ${headSha} ${headSha}`);
    expect(logOf(run)).toContain('ref main main');
    expect(logOf(run)).toContain(`run ${run.id} ${fullName}`);
    expect(logOf(run)).toContain('leak []');
    expect(logOf(run)).not.toMatch(/uid 0$/m);
    expect(logOf(run)).toContain(process.version);
  });

  test('secrets and variables reach expressions; secrets do not reach the log', async () => {
    const steps = oneJob(
      'run: |\n  echo "token $TOKEN"\n  test "$TOKEN" = s3cret-value\n  echo "cluster $CLUSTER at $AWS_REGION"\nenv:\n  TOKEN: ${{ secrets.DEPLOY }}\n  CLUSTER: ${{ vars.CLUSTER }}',
    );
    const environment = {
      secrets: { DEPLOY: 's3cret-value' },
      variables: { CLUSTER: 'blue' },
      env: { AWS_REGION: 'lab-1' },
    };
    const run = await runOf(steps, { actionsEnvironment: () => environment });
    expect(run.conclusion).toBe('success');
    expect(logOf(run)).toContain('token ***');
    expect(logOf(run)).not.toContain('s3cret-value');
    expect(logOf(run)).toContain('cluster blue at lab-1');
  });

  test('jobs run in the order of their needs, hand on outputs, and are skipped after a failure', async () => {
    const run = await runOf(`
on: push
jobs:
  last:
    needs: [middle]
    runs-on: x
    steps: [{run: 'echo never'}]
  clean:
    needs: [middle]
    if: always()
    runs-on: x
    steps: [{run: 'echo "cleaning after \${{ needs.middle.result }}"'}]
  middle:
    needs: first
    runs-on: x
    steps: [{run: 'echo "got \${{ needs.first.outputs.number }}"; exit 3'}]
  first:
    runs-on: x
    outputs: {number: '\${{ steps.make.outputs.number }}'}
    steps: [{id: make, run: 'echo number=42 >> "$GITHUB_OUTPUT"'}]
`);
    expect(run.conclusion).toBe('failure');
    expect(conclusions(run)).toEqual({ first: 'success', middle: 'failure', last: 'skipped', clean: 'success' });
    expect(logOf(run, 'middle')).toContain('got 42');
    expect(logOf(run, 'middle')).toContain('##[error]Process completed with exit code 3.');
    expect(logOf(run, 'clean')).toContain('cleaning after failure');
  });

  test('steps after a failure are skipped, unless they ask to run; a forgiven failure does not count', async () => {
    const run = await runOf(
      oneJob(
        'run: exit 1\ncontinue-on-error: true',
        'run: echo "NAME=set" >> "$GITHUB_ENV"',
        'run: test "$NAME" = set && exit 5',
        'run: echo skipped',
        'run: echo "it failed"\nif: failure()',
        'run: echo "not here"\nif: failure() && github.ref_name == \'other\'',
        'run: echo "at the end"\nif: ${{ always() }}',
      ),
    );
    const steps = run.jobs[0]?.steps.slice(1, -1).map(({ conclusion }) => conclusion);
    expect(steps).toEqual(['failure', 'success', 'failure', 'skipped', 'success', 'skipped', 'success']);
    expect(run.conclusion).toBe('failure');
  });

  test('an action that the runner does not have fails the step and is named', async () => {
    const run = await runOf(oneJob('uses: docker/build-push-action@v6', 'run: echo never'));
    expect(run.conclusion).toBe('failure');
    expect(logOf(run)).toContain('##[error]Unable to resolve action docker/build-push-action@v6');
    expect(logOf(run)).not.toContain('never');
  });

  test('a workflow file that cannot be run makes a failed run without jobs', async () => {
    const run = await runOf(
      'on: push\njobs:\n  build:\n    runs-on: x\n    strategy: {matrix: {a: [1]}}\n    steps: [{run: x}]',
    );
    expect(run).toMatchObject({ status: 'completed', conclusion: 'failure', jobs: [] });
  });

  test('a job that takes too long is ended, with everything it started', async () => {
    const run = await runOf(oneJob(`run: |\n  sleep 300 & echo "child $!"\n  wait`), { jobTimeoutMs: 1000 });
    expect(run.conclusion).toBe('cancelled');
    expect(logOf(run)).toContain('##[error]The job has exceeded the maximum execution time of 1 seconds.');
    expect(sleepers(300, 301)).toEqual([]);
  });

  test('a run can be cancelled; stopping the forge ends what runs', async () => {
    workshop = await openWorkshop();
    const workflow = oneJob('run: sleep 301');
    await workshop.forge.createRepository(fullName, { files: { [file]: workflow }, runWorkflows: true });
    await until('the first run to be under way', async () => (sleepers(300, 301).length > 0 ? true : undefined));
    const octokit = octokitFor(workshop.forge, workshop.forge.tokens.write);
    const run_id = workshop.forge.runs(fullName)[0]?.id ?? 0;
    await octokit.actions.cancelWorkflowRun({ ...here, run_id });
    await workshop.forge.idle();
    expect((await octokit.actions.getWorkflowRun({ ...here, run_id })).data.conclusion).toBe('cancelled');
    expect(sleepers(300, 301)).toEqual([]);
    await workshop.forge.commit(fullName, { message: 'Again', files: { b: 'b' } });
    await until('the second run to be under way', async () => (sleepers(300, 301).length > 0 ? true : undefined));
    await workshop.forge.stop();
    expect(sleepers(300, 301)).toEqual([]);
  });

  test('a failed run is run again: all of it, or what failed and what needs that', async () => {
    let level = 'low';
    const workflow = `
on: push
jobs:
  test: {runs-on: x, steps: [{run: echo tested}]}
  deploy: {needs: test, runs-on: x, steps: [{run: 'test "$LEVEL" = high'}]}
  tell: {needs: deploy, runs-on: x, steps: [{run: echo told}]}
`;
    const run = await runOf(workflow, { actionsEnvironment: () => ({ env: { LEVEL: level } }) });
    expect(conclusions(run)).toEqual({ test: 'success', deploy: 'failure', tell: 'skipped' });
    const tested = run.jobs.find(({ key }) => key === 'test')?.startedAt;
    level = 'high';
    const octokit = octokitFor(workshop.forge, workshop.forge.tokens.write);
    await octokit.actions.reRunWorkflowFailedJobs({ ...here, run_id: run.id });
    await workshop.forge.idle();
    expect(run).toMatchObject({ attempt: 2, conclusion: 'success', triggeringActor: 'threehops' });
    expect(conclusions(run)).toEqual({ test: 'success', deploy: 'success', tell: 'success' });
    expect(run.jobs.filter(({ key }) => key === 'test').map(({ startedAt }) => startedAt)).toEqual([tested, tested]);
    expect(new Set(run.jobs.map(({ id }) => id)).size).toBe(6);
    expect(workshop.forge.runs(fullName)).toHaveLength(1);
    expect(workshop.forge.counters.reruns).toBe(1);
  });

  test('the log of each job is bounded', async () => {
    const run = await runOf(oneJob('run: yes 0123456789012345678901234567890123456789 | head -c 9000000'));
    expect(run.conclusion).toBe('success');
    expect(logOf(run)).toContain('##[warning]The log is too long');
    expect(logOf(run).length).toBeLessThan(9_000_000);
  });

  test('a step may push with the token of its run, which starts no other run', async () => {
    const run = await runOf(
      oneJob(
        'uses: actions/checkout@v4',
        'run: |\n  git -c user.name=bot -c user.email=bot@lab commit -q --allow-empty -m built\n  git push -q origin HEAD:refs/heads/built',
      ),
    );
    expect(logOf(run)).not.toContain('##[error]');
    expect(run.conclusion).toBe('success');
    expect(await workshop.forge.git(fullName, ['log', '-1', '--format=%s', 'built'])).toBe('built');
    expect(workshop.forge.runs(fullName)).toHaveLength(1);
  });

  test('the work folders are gone after the run', async () => {
    const run = await runOf(oneJob('run: echo "WORK=$PWD"'));
    const [, work = ''] = /WORK=(\S+)$/m.exec(logOf(run).split('##[endgroup]')[1] ?? '') ?? [];
    expect(work).toContain('/store/store');
    expect(existsSync(work)).toBe(false);
  });
});
