import type { Draft, KubeObject } from './object.ts';
import { apiVersion } from './resource.ts';
import type { ResourceClient } from './resource-client.ts';

export interface ApplyOptions {
  /** Fields and list items that this manager applied before and leaves out now are removed. */
  readonly fieldManager: string;
  /** Takes over fields that others manage; without it they are a Conflict. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Makes the object's fields be as they are in `wanted`, creating it when it is not there. For owned children. */
export async function applyObject<T extends KubeObject>(
  client: ResourceClient<T>,
  wanted: Draft<T>,
  signal: AbortSignal,
  options: ApplyOptions,
): Promise<T> {
  const { namespace, name = '' } = wanted.metadata ?? {};
  const body = { apiVersion: apiVersion(client.resource), kind: client.resource.kind, ...wanted };
  return client.patch(
    namespace === undefined ? { name } : { namespace, name },
    { type: 'apply', body },
    signal,
    options,
  );
}
