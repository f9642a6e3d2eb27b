import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { rerunFailed } from '../../../../skills/github-actions/actions/rerun-failed.ts';
import { actionContext, fakeTools } from '../lib/fake-tools.ts';

/** A forge with one run, which starts over when it is told to at the right attempt. */
function forge(first: { attempt: number; status: string; conclusion: string }) {
  const state = { ...first, reruns: 0 };
  const tools = fakeTools({
    actions_get: () => ({
      method: 'get_workflow_run',
      workflow_run: {
        id: 7,
        head_sha: 'a'.repeat(40),
        head_branch: 'main',
        run_attempt: state.attempt,
        status: state.status,
        conclusion: state.conclusion,
        created_at: '2026-11-20T10:00:00Z',
      },
    }),
    threehops_rerun_failed_jobs: (args) => {
      if (args['run_attempt'] !== state.attempt) return { run_id: 7, run_attempt: state.attempt, rerun: false };
      Object.assign(state, { attempt: state.attempt + 1, status: 'queued', conclusion: '', reruns: state.reruns + 1 });
      return { run_id: 7, run_attempt: state.attempt - 1, rerun: true };
    },
  });
  return { state, context: actionContext(tools, { repository: 'acme/shop', workflow: 'ci.yaml' }, {}) };
}

const parameters = { runId: 7, runAttempt: 1 };
const execute = async (context: Parameters<typeof rerunFailed.render>[0], frozen: JsonObject) =>
  rerunFailed.execute?.(context, frozen, 'action-1');

describe('github-actions.rerun-failed', () => {
  it('reruns once: a repetition finds the fence', async () => {
    const { state, context } = forge({ attempt: 1, status: 'completed', conclusion: 'failure' });
    const rendered = await rerunFailed.render(context, parameters);
    expect(rendered.target.version).toBe('attempt:1');
    expect(await rerunFailed.probe?.(context, rendered.frozen, 'action-1')).toEqual({
      verdict: 'Absent',
      evidence: {},
    });
    expect(await execute(context, rendered.frozen)).toMatchObject({ rerun: true });
    expect(await execute(context, rendered.frozen)).toMatchObject({ rerun: false });
    expect(state.reruns).toBe(1);
    expect(await rerunFailed.probe?.(context, rendered.frozen, 'action-1')).toMatchObject({ verdict: 'Happened' });
    expect(await rerunFailed.unchanged?.(context, rendered)).toBe(false);
  });

  it('is settled when the new attempt passed, failed when it did not', async () => {
    const { state, context } = forge({ attempt: 1, status: 'completed', conclusion: 'failure' });
    const { frozen } = await rerunFailed.render(context, parameters);
    const settled = async () => (await rerunFailed.settled?.(context, frozen, {}))?.state;
    expect(await settled()).toBe('Progressing');
    await execute(context, frozen);
    expect(await settled()).toBe('Progressing');
    Object.assign(state, { status: 'completed', conclusion: 'success' });
    expect(await settled()).toBe('Settled');
    Object.assign(state, { conclusion: 'failure' });
    expect(await settled()).toBe('Failed');
  });

  it('refuses a run that did not fail, or that is at another attempt', async () => {
    const passing = forge({ attempt: 1, status: 'completed', conclusion: 'success' });
    await expect(rerunFailed.render(passing.context, parameters)).rejects.toMatchObject({ code: 'NotFailed' });
    const later = forge({ attempt: 2, status: 'completed', conclusion: 'failure' });
    await expect(rerunFailed.render(later.context, parameters)).rejects.toMatchObject({ code: 'OtherAttempt' });
  });
});
