import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { isDefined, listOf, objectOf, textOf, textsOf, timeOf } from '../lib/reading.ts';
import { within } from '../lib/time.ts';
import { findingOf, type Told } from './finding.ts';
import { textsIn } from './parse.ts';
import { unavailableSince } from './rollout.ts';
import type { Snapshot } from './snapshot.ts';

const serviceLabel = 'kubernetes.io/service-name';

/** Whether users get through to the pods: Services without ready endpoints, and policies that have come to shut them off. */
export function networkFindings(snapshot: Snapshot): readonly Finding[] {
  const { slices, services } = snapshot;
  const told = [
    ...services.filter((one) => isOurs(one, snapshot)).map((one) => noEndpoints(one, slices, snapshot)),
    ...snapshot.policies.map((one) => newPolicy(one, snapshot)),
  ];
  return told.filter(isDefined).map((one) => findingOf(snapshot, one));
}

/** By the map; else what selects the pods, and what has the Deployment's name and should. */
function isOurs(service: JsonObject, { service: named, deployment }: Snapshot): boolean {
  if (named !== undefined) return nameOf(service) === named;
  const selector = objectOf(objectOf(service['spec'])['selector']);
  const selectsAny = Object.keys(selector).length > 0;
  return (selectsAny && nameOf(service) === deployment.name) || selects(selector, deployment.template.labels);
}

/** An empty selector of a Service selects nothing. */
function selects(selector: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** No pods are missed where none are wanted. */
function noEndpoints(
  service: JsonObject,
  slices: readonly JsonObject[] | undefined,
  { deployment }: Snapshot,
): Told | undefined {
  if (slices === undefined || deployment.desired === 0) return undefined;
  const name = nameOf(service);
  const own = slices.filter((slice) => textsIn(objectOf(slice['metadata'])['labels'])[serviceLabel] === name);
  const endpoints = own.flatMap((slice) => listOf(slice['endpoints'])).map(objectOf);
  // Absent means ready: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
  const ready = endpoints.filter((one) => objectOf(one['conditions'])['ready'] !== false).length;
  if (ready > 0) return undefined;
  const matching = selects(objectOf(objectOf(service['spec'])['selector']), deployment.template.labels);
  const why = matching ? `${endpoints.length} are not ready` : "its selector does not fit the pods' labels";
  return {
    reason: matching ? 'NoReadyEndpoints' : 'SelectorMismatch',
    subject: name,
    severity: 'Critical',
    summary: `Service ${name} has no ready endpoint: ${why}`,
    // A Service does not tell when it lost its last endpoint.
    since: unavailableSince(deployment)?.toISOString(),
    value: 0,
    threshold: 1,
    unit: 'endpoints',
    read: 'endpointslices',
    facts: { service: name, endpoints: endpoints.length },
  };
}

/** A suspect only: what a policy lets through is not judged. */
function newPolicy(policy: JsonObject, { window, deployment }: Snapshot): Told | undefined {
  const spec = objectOf(policy['spec']);
  const at = timeOf(objectOf(policy['metadata'])['creationTimestamp']);
  const selector = objectOf(objectOf(spec['podSelector'])['matchLabels']);
  const everyPod = Object.keys(objectOf(spec['podSelector'])).length === 0;
  if (!within(at, window) || !(everyPod || selects(selector, deployment.template.labels))) return undefined;
  const [name, types] = [nameOf(policy), textsOf(spec['policyTypes'])];
  return {
    reason: 'NetworkPolicySuspect',
    subject: name,
    severity: 'Info',
    summary: `NetworkPolicy ${name} has isolated the pods (${types.join(', ')}) since it was made`,
    since: at?.toISOString(),
    value: 1,
    threshold: 0,
    unit: 'new policies',
    read: 'networkpolicies',
    facts: { policy: name, types: [...types] },
  };
}

function nameOf(object: JsonObject): string {
  return textOf(objectOf(object['metadata'])['name']) ?? '';
}
