import type { KubeObject, OwnerReference } from './object.ts';

/** A reference to the owner: its children are deleted with it. Throws TypeError for an object that the server has not stored. */
export function ownerReference(owner: KubeObject, options: { controller?: boolean } = {}): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  if (apiVersion === undefined || kind === undefined || !metadata?.uid || !metadata.name) {
    throw new TypeError('an owner needs apiVersion, kind, name and uid');
  }
  const controller = options.controller ?? true;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller, blockOwnerDeletion: controller };
}

/** Whether `child` names exactly this object, by UID, among its owners. */
export function isOwnedBy(child: KubeObject, owner: KubeObject): boolean {
  const uid = owner.metadata?.uid;
  return uid !== undefined && (child.metadata?.ownerReferences ?? []).some((reference) => reference.uid === uid);
}

/** The reference to the controlling owner, if there is one. */
export function controllerOf(child: KubeObject): OwnerReference | undefined {
  return child.metadata?.ownerReferences?.find((reference) => reference.controller === true);
}
