import type { KubeClient } from '../kube/client.ts';
import { NotFound } from '../kube/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Resource } from '../kube/resource.ts';

/** Reads one object by name from the API server, never a list; undefined where there is none. */
export function readByName<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
): (namespace: string, name: string, signal: AbortSignal) => Promise<T | undefined> {
  const api = client.resource(resource);
  return async (namespace, name, signal) => {
    try {
      return await api.get({ namespace, name }, signal);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  };
}
