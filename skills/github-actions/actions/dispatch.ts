import type { JsonObject } from '../../../controller/api/json.ts';
import { listCommits } from '../../lib/github/commits.ts';
import { parseRepository } from '../../lib/github/repository.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { listOf, objectOf, textOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { readParameters } from '../parameters.ts';
import { listRuns, type Run } from '../runs.ts';

/** GitHub lists a run a moment after it was dispatched: so often it is looked for before it counts as absent. */
const looks = 4;
const betweenLooksMs = 1500;

/**
 * Starts the node's own workflow at the newest commit of its branch. Fenced by that commit and by the runs of it that were there when
 * the plan was made. `render` throws PlanRefused: OtherCommit, AlreadyRun.
 */
export const dispatch: ActionType = {
  id: 'github-actions.dispatch',
  title: 'Start the workflow at the newest commit',
  class: 'Infra',
  risk: 'Medium',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['sha'],
    properties: { sha: { type: 'string', pattern: '^[0-9a-f]{40}$', description: 'The newest commit of the branch' } },
  },
  idempotency: 'Fenced',
  direction: ({ sha }) => `dispatch:${textOf(sha) ?? ''}`,
  render,
  async execute(context, frozen) {
    const { repository, workflow, branch, sha } = readFrozen(frozen);
    const args = { ...parseRepository(repository), workflow, branch, expected_sha: sha };
    const answer = objectOf(await context.tools.call('threehops_dispatch_workflow', args, context.signal));
    return { dispatched: answer['dispatched'] === true, sha };
  },
  async probe(context, frozen): Promise<Occurrence> {
    for (let look = 1; look <= looks; look += 1) {
      const [run] = await newRuns(context, frozen);
      if (run !== undefined) return { verdict: 'Happened', evidence: { dispatched: true, sha: run.sha } };
      if (look < looks) await context.clock.sleep(betweenLooksMs, context.signal);
    }
    return { verdict: 'Absent', evidence: {} };
  },
  async unchanged(context, { frozen }) {
    const { repository, branch, sha } = readFrozen(frozen);
    return (await headOf(context, repository, branch)) === sha && (await newRuns(context, frozen)).length === 0;
  },
  async settled(context, frozen): Promise<Settlement> {
    return settlementOf((await newRuns(context, frozen))[0]);
  },
};

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const node = readParameters(context.node.with);
  const sha = textOf(parameters['sha']) ?? '';
  const head = await headOf(context, node.name, node.branch);
  if (head !== sha) throw new PlanRefused('OtherCommit', `${node.branch} is at ${head?.slice(0, 7) ?? 'no commit'}`);
  const runs = await runsOf(context, node.name, node.workflow, sha);
  const underWay = runs.find(({ status, conclusion }) => status !== 'completed' || conclusion === 'success');
  if (underWay !== undefined) throw new PlanRefused('AlreadyRun', `run ${underWay.id} of ${sha.slice(0, 7)} is there`);
  return {
    diff: `${node.workflow} of ${node.name}: started at ${sha.slice(0, 7)}, the newest commit of ${node.branch}`,
    target: { identity: `github-actions:${node.name}/${node.workflow}`, version: `sha:${sha}` },
    frozen: {
      repository: node.name,
      workflow: node.workflow,
      branch: node.branch,
      sha,
      runsBefore: runs.map(({ id }) => String(id)),
    },
    edits: [],
  };
}

interface Frozen {
  readonly repository: string;
  readonly workflow: string;
  readonly branch: string;
  readonly sha: string;
  readonly runsBefore: readonly string[];
}

function readFrozen(frozen: JsonObject): Frozen {
  const text = (name: string): string => textOf(frozen[name]) ?? '';
  return {
    repository: text('repository'),
    workflow: text('workflow'),
    branch: text('branch'),
    sha: text('sha'),
    runsBefore: listOf(frozen['runsBefore']).map((id) => textOf(id) ?? ''),
  };
}

async function headOf(
  { tools, signal }: ActionContext,
  repository: string,
  branch: string,
): Promise<string | undefined> {
  const [head] = await listCommits(tools, parseRepository(repository), { branch, perPage: 1 }, signal);
  return head?.sha;
}

async function runsOf(
  { tools, signal }: ActionContext,
  repository: string,
  workflow: string,
  sha: string,
): Promise<readonly Run[]> {
  const runs = await listRuns(tools, { repository: parseRepository(repository), workflow }, {}, signal);
  return runs.filter((run) => run.sha === sha);
}

async function newRuns(context: ActionContext, frozen: JsonObject): Promise<readonly Run[]> {
  const { repository, workflow, sha, runsBefore } = readFrozen(frozen);
  const runs = await runsOf(context, repository, workflow, sha);
  return runs.filter(({ id }) => !runsBefore.includes(String(id)));
}

function settlementOf(run: Run | undefined): Settlement {
  if (run === undefined) return { state: 'Progressing', summary: 'the run is not listed yet' };
  const summary = `run ${run.id} is ${run.status} ${run.conclusion}`.trim();
  if (run.status !== 'completed') return { state: 'Progressing', summary };
  return { state: run.conclusion === 'success' ? 'Settled' : 'Failed', summary };
}
