import { numberOf } from '../lib/reading.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { type Rollout, rolloutOf } from './rollout.ts';

const defaultTimeoutSeconds = 300;
const pollMs = 1000;

/** The newest deployment is complete, and all tasks run the same images. Waits for it, `deployTimeoutSeconds` at most. */
export const deploySettled: Check = { name: 'deploy-settled', waits: true, run };

async function run(context: CheckContext): Promise<CheckResult> {
  const { clock, signal, tools, node } = context;
  const seconds = numberOf(context.thresholds['deployTimeoutSeconds']) ?? defaultTimeoutSeconds;
  const deadline = clock.now().getTime() + seconds * 1000;
  for (;;) {
    const rollout = await rolloutOf(tools, node.with, signal);
    if (rollout.state !== 'Progressing' || clock.now().getTime() >= deadline) return judge(context, rollout);
    await clock.sleep(pollMs, signal);
  }
}

function judge({ node }: CheckContext, rollout: Rollout): CheckResult {
  const images = rollout.images.map(({ container, image }) => `${container} ${image}`).join(', ');
  return {
    name: 'deploy-settled',
    node: node.id,
    verdict: rollout.state === 'Completed' ? 'Pass' : 'Fail',
    summary: `${rollout.summary}${images === '' ? '' : `; running: ${images}`}`.slice(0, 500),
    value: rollout.running,
    threshold: rollout.desired,
    unit: 'tasks',
  };
}
