import type { Plan } from '../../actions/plan.ts';
import type { ServiceTopology } from '../../api/kinds.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import { keyOf, type ResolvedGraph } from '../../topology/resolved.ts';
import type { CheckResult } from '../../../skills/skill.ts';
import { iterationOf } from '../snapshot.ts';
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
      results.push(await kept(judge, await runCheck(judge, target, check)));
    }
  }
  return results;
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
  const testsOf = ({ spec: { tests, verify } }: ServiceTopology): string =>
    canonicalJson({ tests: tests ?? {}, verify: verify ?? {} });
  return testsOf(acted) === testsOf(own) ? [own] : [own, acted];
}
