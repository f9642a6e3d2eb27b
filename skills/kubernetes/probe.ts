import type { ProbeResult } from '../../controller/evidence/finding.ts';
import type { ProbeContext } from '../skill.ts';
import { identity } from './api.ts';
import { capacityFindings } from './capacity-findings.ts';
import { changeFindings, revisionChanges } from './changes.ts';
import { deploymentFindings } from './deployment-findings.ts';
import { networkFindings } from './network-findings.ts';
import { podFindings } from './pod-findings.ts';
import { takeSnapshot } from './snapshot.ts';

/** Looks at one Deployment. @throws when not even the Deployment can be read: then nothing is known of it */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const snapshot = await takeSnapshot(context);
  return {
    findings: [
      ...podFindings(snapshot),
      ...deploymentFindings(snapshot),
      ...networkFindings(snapshot),
      ...capacityFindings(snapshot),
      ...changeFindings(snapshot),
    ],
    series: [],
    changes: revisionChanges(snapshot),
    logTemplates: [],
    gaps: snapshot.gaps,
    identity: identity(context.node.with) ?? context.node.id,
  };
}
