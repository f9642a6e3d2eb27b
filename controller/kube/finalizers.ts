import { Conflict, Invalid } from './errors.ts';
import type { KubeObject, ObjectKey } from './object.ts';
import type { JsonPatchOperation } from './patch.ts';
import type { ResourceClient } from './resource-client.ts';

export function hasFinalizer(object: KubeObject, finalizer: string): boolean {
  return object.metadata?.finalizers?.includes(finalizer) ?? false;
}

/** Whether somebody asked for its deletion. */
export function isBeingDeleted(object: KubeObject): boolean {
  return object.metadata?.deletionTimestamp !== undefined;
}

/**
 * Adds a finalizer to exactly this object with exactly these finalizers, and touches nothing else. Conflict when it changed since or is
 * another one of the same name: read it again. The object as it is when it has the finalizer already.
 */
export async function addFinalizer<T extends KubeObject>(
  client: ResourceClient<T>,
  object: T,
  finalizer: string,
  signal: AbortSignal,
): Promise<T> {
  if (hasFinalizer(object, finalizer)) return object;
  const present = object.metadata?.finalizers ?? [];
  const add: JsonPatchOperation =
    present.length === 0
      ? { op: 'add', path: '/metadata/finalizers', value: [finalizer] }
      : { op: 'add', path: '/metadata/finalizers/-', value: finalizer };
  return patchTested(client, object, [add], signal);
}

/** Removes a finalizer, under the same conditions. */
export async function removeFinalizer<T extends KubeObject>(
  client: ResourceClient<T>,
  object: T,
  finalizer: string,
  signal: AbortSignal,
): Promise<T> {
  const index = object.metadata?.finalizers?.indexOf(finalizer) ?? -1;
  if (index < 0) return object;
  return patchTested(client, object, [{ op: 'remove', path: `/metadata/finalizers/${index}` }], signal);
}

async function patchTested<T extends KubeObject>(
  client: ResourceClient<T>,
  object: T,
  change: readonly JsonPatchOperation[],
  signal: AbortSignal,
): Promise<T> {
  const { namespace, name = '', uid, finalizers } = object.metadata ?? {};
  const key: ObjectKey = namespace === undefined ? { name } : { namespace, name };
  const body: JsonPatchOperation[] = [
    { op: 'test', path: '/metadata/uid', value: uid },
    // null stands for "there are none", which is how a field that is absent tests.
    { op: 'test', path: '/metadata/finalizers', value: finalizers ?? null },
    ...change,
  ];
  try {
    return await client.patch(key, { type: 'json', body }, signal);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    // A test that fails is answered 422; here it can only mean that the object changed.
    throw new Conflict('the object changed since it was read', { status: 409, reason: 'Conflict', cause: error });
  }
}
