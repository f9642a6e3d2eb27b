import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { isDefined, numberOf, objectOf, textOf } from '../lib/reading.ts';
import { round } from '../lib/statistics.ts';
import { findingOf, type Told } from './finding.ts';
import { conditionsOf } from './parse.ts';
import { quantityOf } from './quantity.ts';
import type { Snapshot } from './snapshot.ts';

/** From this share of a quota on the next rollout may not find room. */
const nearShare = 0.9;

/** What bounds the number of pods: quotas that are nearly used up, autoscalers that are at their end or see nothing. */
export function capacityFindings(snapshot: Snapshot): readonly Finding[] {
  const scalers = snapshot.autoscalers.filter((one) => isFor(one, snapshot.deployment.name));
  const told = [...snapshot.quotas.flatMap(nearlyUsed), ...scalers.flatMap((one) => [blind(one), atMaximum(one)])];
  return told.filter(isDefined).map((one) => findingOf(snapshot, one));
}

function nearlyUsed(quota: JsonObject): readonly Told[] {
  const { hard, used } = objectOf(quota['status']);
  const name = nameOf(quota);
  return Object.entries(objectOf(hard)).flatMap(([resource, given]) => {
    const [limit, taken] = [quantityOf(given), quantityOf(objectOf(used)[resource])];
    if (limit === undefined || taken === undefined || limit === 0 || taken < limit * nearShare) return [];
    const told: Told = {
      reason: 'QuotaNearlyUsed',
      subject: `${name}/${resource}`,
      severity: 'Info',
      summary: `quota ${name}: ${round((taken / limit) * 100, 1)} % of its ${resource} are used (${JSON.stringify(given)})`,
      value: round((taken / limit) * 100, 1),
      threshold: nearShare * 100,
      unit: '%',
      read: 'resourcequotas',
      facts: { quota: name, resource },
    };
    return [told];
  });
}

function isFor(autoscaler: JsonObject, deployment: string): boolean {
  const { kind, name } = objectOf(objectOf(autoscaler['spec'])['scaleTargetRef']);
  return kind === 'Deployment' && name === deployment;
}

function blind(autoscaler: JsonObject): Told | undefined {
  const condition = conditionsOf(objectOf(autoscaler['status'])).find(
    ({ type, status, reason }) => type === 'ScalingActive' && status === 'False' && reason !== 'ScalingDisabled',
  );
  if (condition === undefined) return undefined;
  return {
    reason: 'AutoscalerBlind',
    subject: nameOf(autoscaler),
    severity: 'Warning',
    summary: `autoscaler ${nameOf(autoscaler)} cannot scale: ${condition.message}`,
    since: condition.since?.toISOString(),
    value: 0,
    threshold: 1,
    unit: 'usable metrics',
    read: 'horizontalpodautoscalers',
    facts: { reason: condition.reason },
  };
}

function atMaximum(autoscaler: JsonObject): Told | undefined {
  const maximum = numberOf(objectOf(autoscaler['spec'])['maxReplicas']) ?? 0;
  const status = objectOf(autoscaler['status']);
  const condition = conditionsOf(status).find(
    (one) => one.type === 'ScalingLimited' && one.status === 'True' && one.reason === 'TooManyReplicas',
  );
  if (condition === undefined) return undefined;
  return {
    reason: 'AutoscalerAtMaximum',
    subject: nameOf(autoscaler),
    severity: 'Warning',
    summary: `autoscaler ${nameOf(autoscaler)} wants more pods than its maximum of ${maximum}`,
    since: condition.since?.toISOString(),
    value: numberOf(status['desiredReplicas']) ?? maximum,
    threshold: maximum,
    unit: 'pods',
    read: 'horizontalpodautoscalers',
    facts: { maximum },
  };
}

function nameOf(object: JsonObject): string {
  return textOf(objectOf(object['metadata'])['name']) ?? '';
}
