import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { resource } from '../kube/resource.ts';
import type { Documents } from '../session/dependencies.ts';
import { readByName } from './read-by-name.ts';

type ConfigMap = KubeObject & { readonly data?: Readonly<Record<string, string>> };

const configMaps = resource<ConfigMap>('', 'v1', 'configmaps', 'ConfigMap');

export function configMapReader(client: KubeClient): Documents {
  const read = readByName(client, configMaps);
  return {
    async configMap(namespace, name, signal) {
      const found = await read(namespace, name, signal);
      return found === undefined ? undefined : (found.data ?? {});
    },
  };
}
