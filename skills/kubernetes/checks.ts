import { numberOf } from '../lib/reading.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { getDeployment, listPods, listRevisions, targetOf } from './api.ts';
import type { Deployment, Pod } from './model.ts';
import { rolloutState } from './rollout.ts';

const defaultStabilizationSeconds = 60;
const pollMs = 1000;

/**
 * The newest revision has taken over in full, and none of its pods has been restarted or become unready for `stabilizationSeconds`.
 * Waits until that is so, at most three times as long; a rollout that the controller has given up ends it at once.
 */
export const rolloutComplete: Check = { name: 'rollout-complete', waits: true, run };

interface Look {
  readonly deployment: Deployment;
  /** Since when it has been as it should be; undefined while it is not. */
  readonly steadySince: Date | undefined;
}

async function run(context: CheckContext): Promise<CheckResult> {
  const wanted = numberOf(context.thresholds['stabilizationSeconds']) ?? defaultStabilizationSeconds;
  const deadline = context.clock.now().getTime() + 3 * wanted * 1000;
  for (;;) {
    const look = await lookAt(context);
    const now = context.clock.now();
    const seconds = steadySeconds(look, now);
    const verdict = judge(look, seconds, wanted) ?? (now.getTime() >= deadline ? 'Fail' : undefined);
    if (verdict !== undefined) return result(context, look, verdict, { seconds, wanted });
    await context.clock.sleep(pollMs, context.signal);
  }
}

function judge({ deployment, steadySince }: Look, seconds: number, wanted: number): CheckResult['verdict'] | undefined {
  if (rolloutState(deployment).state === 'Failed') return 'Fail';
  if (deployment.desired === 0) return 'Inconclusive';
  return steadySince !== undefined && seconds >= wanted ? 'Pass' : undefined;
}

function steadySeconds({ steadySince }: Look, now: Date): number {
  return steadySince === undefined ? 0 : Math.max(0, Math.floor((now.getTime() - steadySince.getTime()) / 1000));
}

async function lookAt({ tools, node, signal }: CheckContext): Promise<Look> {
  const target = targetOf(node.with);
  const deployment = await getDeployment(tools, target, signal);
  if (rolloutState(deployment).state !== 'Settled') return { deployment, steadySince: undefined };
  const [newest] = await listRevisions(tools, target, deployment, signal);
  const pods = await listPods(tools, target, deployment, signal);
  return { deployment, steadySince: readySince(pods.filter(({ replicaSet }) => replicaSet === newest?.name)) };
}

/** Since the last of its pods became ready: a restart makes a pod unready for a while. */
function readySince(pods: readonly Pod[]): Date | undefined {
  const times = pods.map(
    ({ conditions }) => conditions.find(({ type, status }) => type === 'Ready' && status === 'True')?.since,
  );
  if (times.length === 0 || times.some((time) => time === undefined)) return undefined;
  return new Date(Math.max(...times.map((time) => time?.getTime() ?? 0)));
}

function result(
  { node }: CheckContext,
  { deployment }: Look,
  verdict: CheckResult['verdict'],
  { seconds, wanted }: { readonly seconds: number; readonly wanted: number },
): CheckResult {
  const { summary } = rolloutState(deployment);
  return {
    name: rolloutComplete.name,
    node: node.id,
    verdict,
    summary:
      verdict === 'Inconclusive'
        ? 'the Deployment wants no pods, so nothing shows whether they would hold'
        : `${summary}; steady for ${seconds} s of ${wanted} s`.slice(0, 500),
    value: seconds,
    threshold: wanted,
    unit: 's',
  };
}
