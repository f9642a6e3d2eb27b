import type { Plan } from '../../actions/plan.ts';
import type { ServiceTopology } from '../../api/kinds.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import { keyOf, type ProbeTarget, type ResolvedGraph } from '../../topology/resolved.ts';
import type { Check, CheckResult } from '../../../skills/skill.ts';
import { iterationOf } from '../snapshot.ts';
import { tellStep } from '../step.ts';
import { runCheck, type Judge } from './judge.ts';

/** All tests of the maps, after an act. */
export function runSessionChecks(judge: Judge, resolved: ResolvedGraph, plan: Plan): Promise<readonly CheckResult[]> {
  return run(judge, testsOf(judge, resolved, plan));
}

/** Those tests of the maps that are measured before the first act too. */
export function measureSessionChecks(
  judge: Judge,
  resolved: ResolvedGraph,
  plan: Plan,
): Promise<readonly CheckResult[]> {
  const measured = testsOf(judge, resolved, plan).filter(({ check }) => check.measuredBefore === true);
  return run(judge, measured, ', before the act');
}

interface Test {
  readonly target: ProbeTarget;
  readonly check: Check;
}

async function run(judge: Judge, tests: readonly Test[], when = ''): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { target, check } of tests) {
    tellStep(judge.snapshot, judge.deps, check.name, 'Running', `on ${target.node}${when}`);
    results.push(await kept(judge, await runCheck(judge, target, check)));
  }
  return results;
}

/** Load and UI tests of the session's own map and of the map that is acted on; one that both declare is run once. */
function testsOf({ snapshot, deps }: Judge, resolved: ResolvedGraph, plan: Plan): readonly Test[] {
  return testedMaps(snapshot.topology, resolved.topologies.get(plan.topology)).flatMap((topology) => {
    const node = resolved.services.get(keyOf(topology)) ?? topology.spec.service;
    return deps.sessionChecks.map(({ check, skill }) => ({
      check,
      target: { node, name: node, type: 'service', skill, with: {}, identity: '', topology },
    }));
  });
}

/** What a check saw is kept for the life of the session; its result refers to it by the digest. */
async function kept({ snapshot, deps, signal }: Judge, { attachment, ...result }: CheckResult): Promise<CheckResult> {
  if (attachment === undefined) return result;
  const { session } = snapshot;
  const digest = await deps.evidence.save(session, iterationOf(snapshot), 'Attachment', attachment, signal);
  const size = `${attachment.mediaType}, ${Math.ceil(attachment.bytes / 1024)} KiB`;
  return { ...result, summary: `${result.summary}; kept as evidence ${digest.slice(0, 16)} (${size})` };
}

function testedMaps(own: ServiceTopology, acted: ServiceTopology | undefined): readonly ServiceTopology[] {
  if (acted === undefined || keyOf(acted) === keyOf(own)) return [own];
  const declared = ({ spec: { tests, verify } }: ServiceTopology): string =>
    canonicalJson({ tests: tests ?? {}, verify: verify ?? {} });
  return declared(acted) === declared(own) ? [own] : [own, acted];
}
