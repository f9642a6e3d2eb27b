import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { resource } from '../kube/resource.ts';
import { apiServerOf, type ApiServer } from '../mcp/api-server.ts';
import { resolveAll } from '../mcp/outbound.ts';
import type { Parts } from './parts.ts';
import { readByName } from './read-by-name.ts';

type Service = KubeObject & { readonly spec?: { readonly clusterIPs?: readonly string[] } };
type EndpointSlice = KubeObject & { readonly endpoints?: readonly { readonly addresses: readonly string[] }[] };

const services = resource<Service>('', 'v1', 'services', 'Service');
const endpointSlices = resource<EndpointSlice>('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice');

/** Under this name, in this namespace, every API server publishes itself. */
const published = ['default', 'kubernetes'] as const;

/**
 * The API server that we talk to, by the kubeconfig, by what a pod is told, and by what it publishes of itself: the Role
 * `threehops-api-server-addresses` lets these two objects be read and no other.
 */
export function ownApiServer({
  client,
  clock,
  kubeConfig,
  log,
}: Pick<Parts, 'client' | 'clock' | 'kubeConfig' | 'log'>): ApiServer {
  const { KUBERNETES_SERVICE_HOST: told } = process.env;
  const server = kubeConfig.getCurrentCluster()?.server;
  const hosts = [
    ...(server === undefined ? [] : [new URL(server).hostname]),
    ...(told === undefined || told === '' ? [] : [told, 'kubernetes.default.svc']),
  ];
  let said = false;
  const onUnreadable = (error: unknown): void => {
    if (!said)
      log.warn('the API server publishes no addresses that we may read; they are not refused by address', { error });
    said = true;
  };
  return apiServerOf({ hosts, read: publishedAddresses(client), onUnreadable }, clock, resolveAll);
}

function publishedAddresses(client: KubeClient): (signal: AbortSignal) => Promise<readonly string[]> {
  const service = readByName(client, services);
  const slice = readByName(client, endpointSlices);
  return async (signal) => {
    const [front, behind] = await Promise.all([service(...published, signal), slice(...published, signal)]);
    return [...(front?.spec?.clusterIPs ?? []), ...(behind?.endpoints ?? []).flatMap(({ addresses }) => addresses)];
  };
}
