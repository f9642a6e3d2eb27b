import type { KubeClient } from '../kube/client.ts';
import { NotFound } from '../kube/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import { resource } from '../kube/resource.ts';
import type { Documents } from '../session/dependencies.ts';

type ConfigMap = KubeObject & { readonly data?: Readonly<Record<string, string>> };

const configMaps = resource<ConfigMap>('', 'v1', 'configmaps', 'ConfigMap');

/** Reads one ConfigMap by name from the API server, never a list. */
export function configMapReader(client: KubeClient): Documents {
  const api = client.resource(configMaps);
  return {
    async configMap(namespace, name, signal) {
      try {
        return (await api.get({ namespace, name }, signal)).data ?? {};
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
  };
}
