import type { Json, JsonObject } from '../../api/json.ts';
import { ToolFailed } from '../../mcp/errors.ts';
import { listBranches } from '../../../skills/lib/github/branches.ts';
import { listCommits } from '../../../skills/lib/github/commits.ts';
import { readText } from '../../../skills/lib/github/files.ts';
import { parseRepository } from '../../../skills/lib/github/repository.ts';
import { listOf, numberOf, objectOf, textOf } from '../../../skills/lib/reading.ts';
import { findCommit, pushCommit } from '../../../skills/commit-push/commit.ts';
import { runFor } from '../../../skills/github-actions/run-for.ts';
import type { Skill, Tools } from '../../../skills/skill.ts';
import { changeTrailer } from '../working-tree.ts';
import type { OpenedPullRequest, Pipeline, Source, ToolBroker, ToolUse, Where } from '../dependencies.ts';
import { told } from '../told.ts';

/** Author of every commit: the operator, not a person. */
const author = { name: 'Threehops', email: 'threehops@users.noreply.threehops.dev' };

function useOf({ topology, uncounted }: Where, skill: Skill, access: 'Read' | 'Write'): ToolUse {
  const { namespace, name } = topology.metadata;
  const use = { skill, access, topology: `${namespace}/${name}`, shareable: false, unlimited: true } as const;
  return uncounted === undefined ? use : { ...use, uncounted };
}

/** The forge through the tools of the skills that know it. */
export function forgeSource(
  broker: ToolBroker,
  skills: { readonly github: Skill; readonly actions: Skill; readonly commits: Skill },
): Source {
  const tools = (where: Where, skill: Skill, access: 'Read' | 'Write'): Tools =>
    broker.toolsFor(where.session, useOf(where, skill, access));
  const commits = (where: Where, access: 'Read' | 'Write'): Tools => tools(where, skills.commits, access);
  const github = (where: Where, access: 'Read' | 'Write'): Tools => tools(where, skills.github, access);
  const watching = (where: Where): Tools => tools({ ...where, uncounted: true }, skills.github, 'Read');
  return {
    async head(where, branch, signal) {
      return (await findCommit(commits(where, 'Read'), { repository: where.repository, branch }, undefined, signal))
        .head;
    },
    branches: (where, signal) => listBranches(watching(where), parseRepository(where.repository), signal),
    async messages(where, branch, signal) {
      const newest = { branch, perPage: 100 };
      const commits = await listCommits(watching(where), parseRepository(where.repository), newest, signal);
      return commits.map(({ message }) => message);
    },
    readFile: (where, ref, path, signal) =>
      readText(github(where, 'Read'), { repository: parseRepository(where.repository), ref }, path, signal),
    push: (where, { parent: base, ...commit }, signal) =>
      pushCommit(commits(where, 'Write'), { ...commit, base, author, repository: where.repository }, signal),
    async pushed(where, { branch, trailers }, signal) {
      const { repository } = where;
      const trailer = { key: changeTrailer, value: trailers[changeTrailer] ?? '' };
      return (await findCommit(commits(where, 'Read'), { repository, branch }, trailer, signal)).found;
    },
    pullRequest: (where, branch, signal) => pullRequest(github(where, 'Read'), where, branch, signal),
    async ensurePullRequest(where, request, signal) {
      const open = await pullRequest(github(where, 'Read'), where, request.head, signal);
      const repository = parseRepository(where.repository);
      const { title, body } = request;
      const write = github(where, 'Write');
      if (open === undefined) {
        const made = objectOf(await write.call('create_pull_request', { ...repository, ...request }, signal));
        return { url: textOf(made['url']) ?? '', number: numberOf(made['number']) ?? 0, title, draft: request.draft };
      }
      const { draft } = request;
      const changed = { ...repository, number: open.number, title, body, draft };
      await write.call('threehops_update_pull_request', changed, signal);
      return { ...open, title, draft };
    },
    pipeline: (where, workflow, sha, signal) =>
      pipeline(tools(where, skills.actions, 'Read'), where, workflow, sha, signal),
    async rerun(where, run, signal) {
      const args = { ...parseRepository(where.repository), run_id: run.runId, run_attempt: run.attempt };
      await tools(where, skills.actions, 'Write').call('threehops_rerun_failed_jobs', args, signal);
    },
  };
}

async function pullRequest(
  tools: Tools,
  where: Where,
  branch: string,
  signal: AbortSignal,
): Promise<OpenedPullRequest | undefined> {
  const repository = parseRepository(where.repository);
  const args = { ...repository, state: 'open', head: `${repository.owner}:${branch}` };
  const found = listOf(await listed(tools, args, signal))[0];
  if (found === undefined) return undefined;
  const pull = objectOf(found);
  return {
    url: textOf(pull['html_url']) ?? '',
    number: numberOf(pull['number']) ?? 0,
    title: textOf(pull['title']) ?? '',
    draft: pull['draft'] === true,
  };
}

async function listed(tools: Tools, args: JsonObject, signal: AbortSignal): Promise<Json> {
  try {
    return await tools.call('list_pull_requests', args, signal);
  } catch (error) {
    if (error instanceof ToolFailed && error.code === 'Http404') return [];
    throw error;
  }
}

const states = { Absent: 'Queued', Waiting: 'Queued', Running: 'Running', Completed: 'Completed' } as const;

async function pipeline(
  tools: Tools,
  where: Where,
  workflow: string,
  sha: string,
  signal: AbortSignal,
): Promise<Pipeline | undefined> {
  const run = await runFor(tools, { repository: where.repository, workflow }, sha, signal);
  if (run.status === 'Absent') return undefined;
  const failure = [run.failedStep ?? '', ...(run.reducedLog ?? [])].filter((line) => line !== '').join(' | ');
  return {
    runId: run.runId ?? 0,
    attempt: run.attempt ?? 1,
    status: states[run.status],
    conclusion: run.conclusion,
    url: run.url ?? '',
    failure: told(failure, 800),
  };
}
