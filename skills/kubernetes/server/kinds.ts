import type { JsonSchema } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';

/** What may be read: what a workload's health is read from. Secrets and ConfigMaps are not among them. */
const plurals: Readonly<Record<string, string>> = {
  'v1 Event': 'events',
  'v1 Pod': 'pods',
  'v1 ResourceQuota': 'resourcequotas',
  'v1 Service': 'services',
  'apps/v1 Deployment': 'deployments',
  'apps/v1 ReplicaSet': 'replicasets',
  'autoscaling/v2 HorizontalPodAutoscaler': 'horizontalpodautoscalers',
  'discovery.k8s.io/v1 EndpointSlice': 'endpointslices',
  'networking.k8s.io/v1 NetworkPolicy': 'networkpolicies',
};

/** The path of a kind in a namespace. @throws ToolFault `KindNotOffered` */
export function pathOf(apiVersion: string, kind: string, namespace: string, name?: string): string {
  const plural = plurals[`${apiVersion} ${kind}`];
  if (plural === undefined) throw new ToolFault('KindNotOffered', `${apiVersion} ${kind} is not read by this server`);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const segments = ['namespaces', namespace, plural, ...(name === undefined ? [] : [name])];
  return [root, ...segments.map(encodeURIComponent)].join('/');
}

const text = (description: string): JsonSchema => ({ type: 'string', minLength: 1, maxLength: 253, description });

/** Arguments that the tools share. */
export const namespaceArgument = text('Namespace of the object');
export const contextArgument = text('Name of the cluster in the configuration; may be left out where there is one');
export const nameArgument = text('Name of the object');
export const kindArguments = {
  apiVersion: text('Such as apps/v1'),
  kind: text('Such as Deployment'),
  namespace: namespaceArgument,
  context: contextArgument,
};
