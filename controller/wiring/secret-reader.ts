import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { resource } from '../kube/resource.ts';
import type { SecretObject, SecretReader } from '../mcp/secrets.ts';
import { readByName } from './read-by-name.ts';

type Secret = SecretObject & KubeObject;

const secrets = resource<Secret>('', 'v1', 'secrets', 'Secret');

export function secretReader(client: KubeClient): SecretReader {
  return { get: readByName(client, secrets) };
}
