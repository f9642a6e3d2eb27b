import type { KubeClient } from '../kube/client.ts';
import { NotFound } from '../kube/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import { resource } from '../kube/resource.ts';
import type { SecretObject, SecretReader } from '../mcp/secrets.ts';

type Secret = SecretObject & KubeObject;

const secrets = resource<Secret>('', 'v1', 'secrets', 'Secret');

/** Reads one Secret by name from the API server, never a list. */
export function secretReader(client: KubeClient): SecretReader {
  const api = client.resource(secrets);
  return {
    async get(namespace, name, signal) {
      try {
        return await api.get({ namespace, name }, signal);
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
  };
}
