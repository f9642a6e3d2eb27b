import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { limitsOf } from './parameters.ts';
import { type Rollout, rolloutOf } from './rollout.ts';

const pollMs = 1000;

/**
 * The newest deployment is complete, no deployment has been given up since the act, and all tasks have been up for
 * `stabilizationSeconds`. Waits for it, `deployTimeoutSeconds` at most and then as long as it has to hold. When time runs out it
 * has failed where tasks of the deployment have; else it is only slow, which is inconclusive.
 */
export const deploySettled: Check = { name: 'deploy-settled', waits: true, run };

async function run(context: CheckContext): Promise<CheckResult> {
  const { clock, signal, tools, node, thresholds, window } = context;
  const { stabilizationSeconds: wanted, deployTimeoutSeconds: seconds } = limitsOf(node.with, thresholds);
  const deadline = clock.now().getTime() + (seconds + wanted) * 1000;
  for (;;) {
    const rollout = await rolloutOf(tools, node.with, signal, window.from);
    const now = clock.now();
    if (rollout.state === 'Failed') return result(context, rollout, 'Fail');
    if (rollout.state === 'Completed' && steadySeconds(rollout, now) >= wanted) return result(context, rollout, 'Pass');
    if (now.getTime() >= deadline) return outOfTime(context, rollout, seconds + wanted);
    await clock.sleep(pollMs, signal);
  }
}

/** Without a task there is nothing that would have to hold. */
function steadySeconds({ upSince, desired }: Rollout, now: Date): number {
  if (desired === 0) return Number.POSITIVE_INFINITY;
  return upSince === undefined ? 0 : (now.getTime() - upSince.getTime()) / 1000;
}

function outOfTime(context: CheckContext, rollout: Rollout, seconds: number): CheckResult {
  const { failedTasks } = rollout;
  return failedTasks > 0
    ? result(context, rollout, 'Fail', `stuck after ${seconds} s, ${failedTasks} tasks of it failed: `)
    : result(context, rollout, 'Inconclusive', `slow, not at rest after ${seconds} s and no task of it failed: `);
}

function result({ node }: CheckContext, rollout: Rollout, verdict: CheckResult['verdict'], why = ''): CheckResult {
  const images = rollout.images.map(({ container, image }) => `${container} ${image}`).join(', ');
  return {
    name: 'deploy-settled',
    node: node.id,
    verdict,
    summary: `${why}${rollout.summary}${images === '' ? '' : `; running: ${images}`}`.slice(0, 500),
    value: rollout.running,
    threshold: rollout.desired,
    unit: 'tasks',
  };
}
