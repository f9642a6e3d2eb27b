import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { octokitFor } from './testing/client.ts';
import { refusal } from './testing/checked-client.ts';
import { openWorkshop, type Workshop } from './testing/workshop.ts';

const fullName = 'acme/store';
const here = { owner: 'acme', repo: 'store' };
const job = 'jobs: {build: {runs-on: x, steps: [{run: \'echo "level ${{ inputs.level }}"\'}]}}';

const workflows: Readonly<Record<string, string>> = {
  any: 'on: push',
  listed: 'on: [push, workflow_dispatch]',
  some: "on: {push: {branches: [main, 'threehops/**', '!threehops/not-*']}}",
  ignoring: "on: {push: {branches-ignore: ['threehops/*']}}",
  docs: "on: {push: {paths: ['docs/**', '!docs/*.txt']}}",
  code: "on: {push: {paths-ignore: ['docs/**']}}",
  tags: "on: {push: {tags: ['v*']}}",
  manual: 'on: {workflow_dispatch: {inputs: {level: {required: true}, other: {default: x}}}}',
};

describe('what starts a workflow', () => {
  let workshop: Workshop;

  beforeAll(async () => {
    workshop = await openWorkshop();
    const files = Object.entries(workflows).map(([name, on]) => [
      `.github/workflows/${name}.yaml`,
      `name: ${name}\n${on}\n${job}\n`,
    ]);
    await workshop.forge.createRepository(fullName, { files: Object.fromEntries(files) });
  });

  afterAll(() => workshop.stop());

  /** Names of the workflows that the push of these files to a branch starts. */
  const startedBy = async (branch: string, path: string, message = 'Change'): Promise<string[]> => {
    await workshop.forge.commit(fullName, {
      branch: 'main',
      message: 'Base',
      files: { base: branch + path },
      runWorkflows: false,
    });
    const sha = await workshop.forge.commit(fullName, { branch, message, files: { [path]: branch + message } });
    const runs = workshop.forge.runs(fullName).filter(({ headSha }) => headSha === sha);
    return runs.map(({ workflow }) => workflow.name).toSorted();
  };

  test('a push of code to main', async () => {
    expect(await startedBy('main', 'src/a.js')).toEqual(['any', 'code', 'ignoring', 'listed', 'some']);
  });

  test('a push of documentation', async () => {
    expect(await startedBy('main', 'docs/deep/a.md')).toEqual(['any', 'docs', 'ignoring', 'listed', 'some']);
    expect(await startedBy('main', 'docs/a.txt')).toEqual(['any', 'ignoring', 'listed', 'some']);
  });

  test('branches that are named, ignored, and taken out again', async () => {
    expect(await startedBy('threehops/a/b', 'src/a.js')).toContain('some');
    expect(await startedBy('threehops/a/b', 'src/a.js')).toContain('ignoring');
    expect(await startedBy('threehops/c', 'src/a.js')).not.toContain('ignoring');
    expect(await startedBy('threehops/not-this', 'src/a.js')).not.toContain('some');
    expect(await startedBy('feature', 'src/a.js')).not.toContain('some');
  });

  test('a message that asks for no run', async () => {
    expect(await startedBy('main', 'src/a.js', 'Change [skip ci]')).toEqual([]);
  });

  test('a dispatch by hand, with its inputs', async () => {
    const octokit = octokitFor(workshop.forge, workshop.forge.tokens.write);
    const manual = { ...here, workflow_id: 'manual.yaml', ref: 'main' };
    await octokit.actions.createWorkflowDispatch({ ...manual, inputs: { level: 'high' } });
    await workshop.forge.idle();
    const run = workshop.forge.runs(fullName).at(-1);
    expect(run).toMatchObject({
      event: 'workflow_dispatch',
      inputs: { level: 'high', other: 'x' },
      conclusion: 'success',
    });
    expect(run?.jobs[0]?.log.text).toContain('level high');
    expect(await refusal(octokit.actions.createWorkflowDispatch(manual))).toMatchObject({ status: 422 });
    const pushOnly = { ...manual, workflow_id: 'any.yaml' };
    expect(await refusal(octokit.actions.createWorkflowDispatch(pushOnly))).toMatchObject({
      status: 422,
      message: expect.stringContaining("does not have 'workflow_dispatch' trigger"),
    });
    const absent = octokit.actions.createWorkflowDispatch({ ...manual, workflow_id: 'absent.yaml' });
    expect(await refusal(absent)).toMatchObject({ status: 404 });
  });
});
