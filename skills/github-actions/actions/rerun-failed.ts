import type { JsonObject } from '../../../controller/api/json.ts';
import { parseRepository } from '../../lib/github/repository.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { numberOf, objectOf, textOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { bad } from '../history.ts';
import { readParameters } from '../parameters.ts';
import { getRun, type Run } from '../runs.ts';

/**
 * Runs the failed jobs of a run again, once: fenced by the attempt it was at when the plan was made.
 * `render` throws PlanRefused: NotFailed, OtherAttempt.
 */
export const rerunFailed: ActionType = {
  id: 'github-actions.rerun-failed',
  title: 'Rerun the failed jobs of a workflow run',
  class: 'Infra',
  risk: 'Low',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['runId', 'runAttempt'],
    properties: { runId: { type: 'integer', minimum: 1 }, runAttempt: { type: 'integer', minimum: 1 } },
  },
  idempotency: 'Fenced',
  direction: ({ runId }) => `rerun:${numberOf(runId) ?? 0}`,
  render,
  async execute(context, frozen) {
    const { runId, runAttempt, repository } = readFrozen(frozen);
    const args = { ...parseRepository(repository), run_id: runId, run_attempt: runAttempt };
    const answer = objectOf(await context.tools.call('threehops_rerun_failed_jobs', args, context.signal));
    return { runId, rerun: answer['rerun'] === true, attemptBefore: answer['run_attempt'] ?? runAttempt };
  },
  async probe(context, frozen): Promise<Occurrence> {
    const { runId, runAttempt } = readFrozen(frozen);
    const run = await readRun(context, frozen);
    if (run.attempt <= runAttempt) return { verdict: 'Absent', evidence: {} };
    return { verdict: 'Happened', evidence: { runId, rerun: true, attemptBefore: runAttempt } };
  },
  async unchanged(context, { frozen }) {
    return (await readRun(context, frozen)).attempt === readFrozen(frozen).runAttempt;
  },
  async settled(context, frozen): Promise<Settlement> {
    return settlementOf(await readRun(context, frozen), readFrozen(frozen).runAttempt);
  },
};

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const { repository, name } = readParameters(context.node.with);
  const runId = numberOf(parameters['runId']) ?? 0;
  const runAttempt = numberOf(parameters['runAttempt']) ?? 0;
  const run = await getRun(context.tools, repository, runId, context.signal);
  if (run.status !== 'completed' || !bad.has(run.conclusion))
    throw new PlanRefused('NotFailed', `run ${runId} is ${run.status} ${run.conclusion}`);
  if (run.attempt !== runAttempt) throw new PlanRefused('OtherAttempt', `run ${runId} is at attempt ${run.attempt}`);
  return {
    diff: `run ${runId} (${run.sha.slice(0, 7)} on ${run.branch}): attempt ${runAttempt} ${run.conclusion} -> attempt ${runAttempt + 1}`,
    target: { identity: `github-actions:${name}/runs/${runId}`, version: `attempt:${runAttempt}` },
    frozen: { repository: name, runId, runAttempt, sha: run.sha, url: run.url },
    edits: [],
  };
}

interface Frozen {
  readonly repository: string;
  readonly runId: number;
  readonly runAttempt: number;
}

function readFrozen(frozen: JsonObject): Frozen {
  return {
    repository: textOf(frozen['repository']) ?? '',
    runId: numberOf(frozen['runId']) ?? 0,
    runAttempt: numberOf(frozen['runAttempt']) ?? 0,
  };
}

function readRun({ tools, signal }: ActionContext, frozen: JsonObject): Promise<Run> {
  const { repository, runId } = readFrozen(frozen);
  return getRun(tools, parseRepository(repository), runId, signal);
}

function settlementOf(run: Run, before: number): Settlement {
  const summary = `attempt ${run.attempt} of run ${run.id} is ${run.status} ${run.conclusion}`.trim();
  // GitHub shows the new attempt a moment after it accepted it.
  if (run.attempt <= before || run.status !== 'completed') return { state: 'Progressing', summary };
  return { state: run.conclusion === 'success' ? 'Settled' : 'Failed', summary };
}
