import type { Gap, ProbeResult } from '../../controller/evidence/finding.ts';
import { ecsIdentity } from '../lib/ecs/identity.ts';
import { configuredPeers, withPeers } from '../lib/peers.ts';
import { redacted } from '../lib/secret-like.ts';
import type { ProbeContext } from '../skill.ts';
import { changeFindings, revisionChanges, runningBuild } from './changes.ts';
import { serviceFindings } from './service-findings.ts';
import { type EcsSnapshot, takeSnapshot } from './snapshot.ts';
import { taskFindings } from './task-findings.ts';
import { utilisationFindings, utilisationSeries } from './utilisation.ts';

/** Looks at one service. @throws when not even the service can be described: then nothing is known of it */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const snapshot = await takeSnapshot(context);
  const findings = [
    ...taskFindings(snapshot),
    ...serviceFindings(snapshot),
    ...utilisationFindings(snapshot),
    ...changeFindings(snapshot),
    ...runningBuild(snapshot),
  ];
  return {
    findings,
    series: utilisationSeries(snapshot),
    changes: revisionChanges(snapshot),
    logTemplates: [],
    gaps: [...snapshot.gaps, ...hiddenValues(snapshot), ...unknownShape(snapshot)],
    ...withPeers(configuredPeers(...environments(snapshot))),
    identity: ecsIdentity(context.node.with) ?? context.node.id,
  };
}

/** Of what the service runs, not of what it ran before. */
function environments({ service, definitions }: EcsSnapshot): readonly Readonly<Record<string, string>>[] {
  const running = definitions.find(({ arn }) => arn === service.taskDefinition);
  return (running?.containers ?? []).map(({ environment }) => environment);
}

/** Some servers answer every variable redacted: then no difference of values can be seen. */
function hiddenValues({ node, definitions }: EcsSnapshot): readonly Gap[] {
  const values = definitions.flatMap((one) => one.containers.flatMap(({ environment }) => Object.values(environment)));
  if (values.length === 0 || values.some((value) => value !== redacted)) return [];
  return [{ node, what: 'environment values', reason: 'the tool server answers them redacted' }];
}

function unknownShape(snapshot: EcsSnapshot): readonly Gap[] {
  const killed = snapshot.failures.some(({ kind }) => kind === 'OutOfMemory');
  if (!killed || snapshot.utilisation.memory.length > 0) return [];
  const reason = 'CloudWatch has no samples, so a leak and a limit that is too low look the same';
  return [{ node: snapshot.node, what: 'memory over time', reason }];
}
