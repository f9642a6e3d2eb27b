import { actionDigest, type Plan } from '../../actions/plan.ts';
import { rfc3339 } from '../apply-transition.ts';
import type { Dependencies, Pipeline, Where } from '../dependencies.ts';
import { amended } from '../history.ts';
import { carryOut } from '../intents.ts';
import { iterationOf, type Snapshot } from '../snapshot.ts';
import { runStep } from '../step.ts';
import { advance, record, stall, type StatusPatch, type Transition } from '../transition.ts';
import { whereOf } from './act-context.ts';
import { awaitPipeline } from './await-pipeline.ts';
import { awaitRunning } from './await-running.ts';
import { actGuard } from './guard.ts';
import { pushIntent, shaOf } from './push-intent.ts';
import { told } from '../told.ts';

/** The code half of Acting: push, pipeline, rollout, until the pushed commit is what runs. `noted` is written down with the push. */
export function actCode(snapshot: Snapshot, deps: Dependencies, plan: Plan, noted: StatusPatch): Transition {
  const where = whereOf(snapshot, deps, plan);
  if (where === undefined || plan.commit === undefined)
    return stall('NoSource', 'The map names no repository any more');
  const push = pushIntent(snapshot, deps, where, plan.commit, {
    digest: actionDigest(plan),
    guard: actGuard(snapshot, deps, plan),
  });
  const step = carryOut(snapshot, deps, { ...push, affected: plan.affected ?? [], noted });
  if (step.state === 'Open') return step.transition;
  if (step.state === 'Failed') return record({ acting: { ...snapshot.status.acting, failure: step.message } });
  const sha = shaOf(step.evidence);
  return snapshot.status.acting?.ci === undefined
    ? pipeline(snapshot, deps, where, sha)
    : rollout(snapshot, deps, plan, sha);
}

function pipeline(snapshot: Snapshot, deps: Dependencies, where: Where, sha: string): Transition {
  const { status } = snapshot;
  const workflow = where.topology.spec.source?.workflow;
  const history = (gha: string) => amended(status.history, iterationOf(snapshot), { commit: sha, gha });
  if (workflow === undefined) return record({ acting: { ...status.acting, ci: 'none' }, history: history('none') });
  const step = runStep(snapshot, deps, 'pipeline', `Waiting for ${workflow} at ${sha.slice(0, 7)}`, (signal) =>
    awaitPipeline(snapshot, deps, where, { workflow, sha }, signal),
  );
  if (!step.done) return step.transition;
  const { gha, ...seen } = step.value === undefined ? noRun(workflow) : runSeen(workflow, step.value);
  const message = `${workflow} at ${sha.slice(0, 7)}: ${gha}`;
  const type = gha === 'pass' ? 'Normal' : 'Warning';
  const patch = { acting: { ...status.acting, ...seen }, history: history(gha) };
  return record(patch, { type, reason: 'Pipeline', message });
}

interface PipelineSeen {
  readonly gha: 'pass' | 'fail' | 'no run';
  readonly ci: string;
  readonly ciUrl?: string;
  readonly failure?: string;
}

function noRun(workflow: string): PipelineSeen {
  return { gha: 'no run', ci: 'none', failure: `${workflow} did not end in time` };
}

function runSeen(workflow: string, { conclusion, url, failure }: Pipeline): PipelineSeen {
  const seen = { ci: conclusion, ciUrl: url };
  if (conclusion === 'success') return { ...seen, gha: 'pass' };
  return { ...seen, gha: 'fail', failure: told(`${workflow}: ${conclusion} ${failure}`) };
}

function rollout(snapshot: Snapshot, deps: Dependencies, plan: Plan, sha: string): Transition {
  const step = runStep(snapshot, deps, 'running', `Waiting until ${sha.slice(0, 7)} runs`, (signal) =>
    awaitRunning(snapshot, deps, plan, sha, signal),
  );
  if (!step.done) return step.transition;
  const endedAt = rfc3339(deps.clock.now());
  const { ok, summary } = step.value;
  const acting = { ...snapshot.status.acting, endedAt };
  if (!ok) return record({ acting: { ...acting, failure: told(summary) } });
  return advance('Verifying', { acting: { ...acting, deployed: told(summary, 300) } });
}
