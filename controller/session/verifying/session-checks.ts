import type { Plan } from '../../actions/plan.ts';
import type { ServiceTopology } from '../../api/kinds.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import { keyOf, type ResolvedGraph } from '../../topology/resolved.ts';
import type { CheckResult } from '../../../skills/skill.ts';
import { tellStep } from '../step.ts';
import { runCheck, type Judge } from './judge.ts';

/** Load and UI tests of the session's own map and of the map that was acted on; one that both declare is run once. */
export async function runSessionChecks(
  judge: Judge,
  resolved: ResolvedGraph,
  plan: Plan,
): Promise<readonly CheckResult[]> {
  const { snapshot, deps } = judge;
  const results: CheckResult[] = [];
  for (const topology of testedMaps(snapshot.topology, resolved.topologies.get(plan.topology))) {
    const node = resolved.services.get(keyOf(topology)) ?? topology.spec.service;
    for (const { check, skill } of deps.sessionChecks) {
      tellStep(snapshot, deps, check.name, 'Running', `on ${node}`);
      const target = { node, name: node, type: 'service', skill, with: {}, identity: '', topology };
      results.push(await runCheck(judge, target, check));
    }
  }
  return results;
}

function testedMaps(own: ServiceTopology, acted: ServiceTopology | undefined): readonly ServiceTopology[] {
  if (acted === undefined || keyOf(acted) === keyOf(own)) return [own];
  const testsOf = ({ spec: { tests, verify } }: ServiceTopology): string =>
    canonicalJson({ tests: tests ?? {}, verify: verify ?? {} });
  return testsOf(acted) === testsOf(own) ? [own] : [own, acted];
}
