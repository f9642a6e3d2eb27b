import { DescribeTaskDefinitionCommand, ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import { actionTag } from '../../skills/lib/ecs/model.ts';
import type { Fault } from '../lab/faults/fault.ts';
import type { CrashPlan } from '../lab/host/crash.ts';
import type { OpenLab } from '../lab/host/open-lab.ts';
import type { Platform } from '../lab/host/platform.ts';
import type { OnRunEvent } from '../lab/host/run-events.ts';
import { runFault } from '../lab/host/run-fault.ts';
import type { RunResult } from '../lab/host/run-result.ts';
import type { Lab } from '../lab/world/lab.ts';
import { gitState, type GitState } from '../e2e/git-state.ts';

/** A run in which the operator was killed, and what it left outside. */
export interface CrashRun {
  readonly result: RunResult;
  readonly git: GitState;
  /** Titles of the pull requests of all repositories. */
  readonly pulls: readonly string[];
  /** What is not as it must be after any crash; empty when all is. */
  readonly problems: readonly string[];
}

export interface CrashRunOptions {
  readonly platform: Platform;
  /** New for each run. */
  readonly namespace: string;
  readonly signal: AbortSignal;
  /** None for a reference run. */
  readonly crash?: CrashPlan;
  readonly tell?: OnRunEvent;
}

/** Runs a fault with one kill of the operator, and holds the world against what must be true all the same. */
export async function crashRun(fault: Fault, options: CrashRunOptions): Promise<CrashRun> {
  let left: Left | undefined;
  const result = await runFault(fault, {
    ...options,
    judgeAfterSeconds: 10,
    afterwards: async ({ lab }: OpenLab) => {
      const pulls = lab.roles.flatMap((role) => lab.forge.pulls(lab.repository(role)));
      left = { git: await gitState(lab), pulls: pulls.map(({ title }) => title), revised: await actsRegistered(lab) };
    },
  });
  if (left === undefined) throw new Error('nobody looked at the lab');
  const crash = options.crash !== undefined && !result.killed ? ['the operator was never killed'] : [];
  return { result, ...left, problems: [...crash, ...problemsOf(fault, result, left)] };
}

interface Left extends Pick<CrashRun, 'git' | 'pulls'> {
  /** Ids of the acts that registered task definitions: one for each definition. */
  readonly revised: readonly string[];
}

/** One branch, one commit an act, one task definition an act and one pull request: so a run without a crash leaves it. */
function problemsOf(
  { expected }: Fault,
  { outcome, healed, writes }: RunResult,
  { git, pulls, revised }: Left,
): readonly string[] {
  const problems: string[] = [];
  if (outcome !== expected.outcome) problems.push(`ended ${outcome}, not ${expected.outcome}`);
  if (expected.outcome === 'Fixed' && !healed) problems.push('users are not served');
  if (git.pushedToProtected.length > 0) problems.push(`pushed to a protected branch: ${git.pushedToProtected.join()}`);
  if (git.sessionBranches.length !== 1) problems.push(`${git.sessionBranches.length} branches`);
  if (pulls.length !== 1) problems.push(`${pulls.length} pull requests: ${pulls.join('; ')}`);
  for (const act of repeated(revised)) problems.push(`more than one task definition for the act ${act}`);
  for (const { name, commits } of git.sessionBranches) {
    if (commits.length === 0) problems.push(`${name} has no commit`);
    const twice = repeated(commits.map(({ trailers }) => workOf(trailers)));
    if (twice.length > 0) problems.push(`${name} has more than one commit for ${twice.join(' and ')}`);
  }
  if (writes.length === 0) problems.push('nothing was written outside, so nothing was crashed');
  return problems;
}

async function actsRegistered({ ecsClient }: Lab): Promise<readonly string[]> {
  const { taskDefinitionArns = [] } = await ecsClient.send(new ListTaskDefinitionsCommand({}));
  const described = await Promise.all(
    taskDefinitionArns.map((taskDefinition) =>
      ecsClient.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] })),
    ),
  );
  return described.flatMap(({ tags = [] }) =>
    tags.flatMap(({ key, value }) => (key === actionTag ? (value ?? '') : [])),
  );
}

/** What a commit was made for: one for each act of an iteration. */
function workOf(trailers: string): string {
  const of = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(trailers)?.[1] ?? 'none';
  return `iteration ${of('Threehops-Iteration')}, ${of('Threehops-Action')}`;
}

function repeated(items: readonly string[]): readonly string[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}
