import type { ProbeResult } from '../../controller/evidence/finding.ts';
import { findingOf } from '../lib/ecs/finding.ts';
import { ecsIdentity } from '../lib/ecs/identity.ts';
import type { ProbeContext } from '../skill.ts';
import { progressFindings } from './progress-findings.ts';
import { restFindings } from './rest-findings.ts';
import { takeSnapshot } from './snapshot.ts';

/** Looks at the deployments of one service, those of before included. @throws when not even the service can be described */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const snapshot = await takeSnapshot(context);
  const told = [...progressFindings(snapshot), ...restFindings(snapshot)];
  return {
    findings: told.map((one) => findingOf('deploy-waiter', one, snapshot)),
    series: [],
    changes: [],
    logTemplates: [],
    gaps: snapshot.gaps,
    identity: ecsIdentity(context.node.with) ?? context.node.id,
  };
}
