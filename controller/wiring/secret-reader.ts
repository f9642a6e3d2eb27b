import type { KubeClient } from '../kube/client.ts';
import { NotFound } from '../kube/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import { resource } from '../kube/resource.ts';

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const secrets = resource<Secret>('', 'v1', 'secrets', 'Secret');

/** Reads one Secret by name, never a list; undefined when it is not there. */
export function secretReader(client: KubeClient): (namespace: string, name: string, signal: AbortSignal) => Promise<Secret | undefined> {
  const api = client.resource(secrets);
  return async (namespace, name, signal) => {
    try {
      return await api.get({ namespace, name }, signal);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  };
}
