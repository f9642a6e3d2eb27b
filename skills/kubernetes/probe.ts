import type { ProbeResult } from '../../controller/evidence/finding.ts';
import type { ProbeContext } from '../skill.ts';
import { identity } from './api.ts';
import { capacityFindings } from './capacity-findings.ts';
import { changeFindings, revisionChanges } from './changes.ts';
import { deploymentFindings } from './deployment-findings.ts';
import { networkFindings } from './network-findings.ts';
import { configuredPeers, withPeers } from '../lib/peers.ts';
import { podFindings } from './pod-findings.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

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
    ...withPeers(configuredPeers(...environments(snapshot))),
    identity: identity(context.node.with) ?? context.node.id,
  };
}

/** A reference to a Secret or a ConfigMap names no host. */
function environments({ deployment }: Snapshot): readonly Readonly<Record<string, string>>[] {
  return deployment.template.containers.map(({ environment }) =>
    Object.fromEntries(Object.entries(environment).filter(([, value]) => !value.startsWith('from {'))),
  );
}
