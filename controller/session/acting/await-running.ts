import type { Plan } from '../../actions/plan.ts';
import { keyOf } from '../../topology/resolved.ts';
import { namesCommit } from '../../../skills/lib/ecs/names.ts';
import type { Rollout, Skill } from '../../../skills/skill.ts';
import type { Dependencies } from '../dependencies.ts';
import { graphOf, type Snapshot } from '../snapshot.ts';
import { tellStep } from '../step.ts';
import type { Settled } from './await-settled.ts';

/** Waits until every compute node of the service runs the pushed commit and nothing else, at rest. */
export async function awaitRunning(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan,
  sha: string,
  signal: AbortSignal,
): Promise<Settled> {
  const compute = graphOf(snapshot, deps).targets.filter(
    (target) => keyOf(target.topology) === plan.topology && target.skill.rollout !== undefined,
  );
  if (compute.length === 0) return { ok: true, summary: 'no compute node tells what runs' };
  const deadline = deps.clock.monotonicMs() + deps.timings.rolloutSeconds * 1000;
  let last = '';
  while (deps.clock.monotonicMs() < deadline) {
    const rollouts = await Promise.all(compute.map((target) => rolloutOf(snapshot, deps, target, signal)));
    const failed = rollouts.find((rollout) => rollout.state === 'Failed');
    if (failed !== undefined) return { ok: false, summary: failed.summary };
    if (rollouts.every((rollout) => runs(rollout, sha))) return { ok: true, summary: sha };
    const summary = rollouts.map((rollout) => rollout.summary).join('; ');
    if (summary !== last) tellStep(snapshot, deps, 'rollout', 'Waiting', summary);
    last = summary;
    await deps.clock.sleep(deps.timings.pollMs, signal);
  }
  return { ok: false, summary: `${sha.slice(0, 7)} does not run after ${deps.timings.rolloutSeconds} s: ${last}` };
}

function runs(rollout: Rollout, sha: string): boolean {
  return (
    rollout.state === 'Settled' &&
    rollout.versions.length > 0 &&
    rollout.versions.every((version) => namesCommit(version, sha))
  );
}

async function rolloutOf(
  snapshot: Snapshot,
  deps: Dependencies,
  target: ReturnType<typeof graphOf>['targets'][number],
  signal: AbortSignal,
): Promise<Rollout> {
  const { node, name, type, skill, topology } = target;
  const tools = deps.tools.toolsFor(snapshot.session, {
    skill,
    access: 'Read',
    topology: keyOf(topology),
    shareable: false,
    unlimited: true,
  });
  const now = deps.clock.now();
  const ask = rolloutCheck(skill);
  return ask({
    node: { id: node, name, type, with: target.with },
    tools,
    clock: deps.clock,
    window: { from: now, to: now },
    signal,
  });
}

function rolloutCheck(skill: Skill): NonNullable<Skill['rollout']> {
  if (skill.rollout === undefined) throw new TypeError(`${skill.id} does not tell what runs`);
  return skill.rollout.bind(skill);
}
