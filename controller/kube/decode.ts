import type { KubeObject } from './object.ts';
import { apiVersion, type Resource } from './resource.ts';

/** One page of a list. */
export interface List<T> {
  readonly items: readonly T[];
  /** The version of the whole list, from which a watch goes on. */
  readonly resourceVersion: string;
  /** Asks for the next page; absent on the last. */
  readonly continue?: string;
}

/** Parses an object without its managedFields. */
export function readObject<T extends KubeObject>(text: string): T {
  return withoutManagedFields(JSON.parse(text) as T);
}

/** Parses a page. The items of a built-in list lack kind and apiVersion: they get their resource's. */
export function readList<T extends KubeObject>(text: string, resource: Resource<T>): List<T> {
  const page = JSON.parse(text) as { items: T[] | null; metadata: { resourceVersion?: string; continue?: string } };
  const identity = { apiVersion: apiVersion(resource), kind: resource.kind };
  const items = (page.items ?? []).map((item) => {
    const lean = withoutManagedFields(item);
    return lean.kind === undefined ? { ...identity, ...lean } : lean;
  });
  const list = { items, resourceVersion: page.metadata.resourceVersion ?? '' };
  return page.metadata.continue ? { ...list, continue: page.metadata.continue } : list;
}

/**
 * managedFields are half the bytes of an object that a controller writes often, and nobody here reads them. The rest is copied
 * rather than deleted from: a delete turns the object into a slow, larger dictionary.
 */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  const metadata = object.metadata as { managedFields?: unknown } | undefined;
  if (metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...rest } = metadata;
  (object as { metadata: object }).metadata = rest;
  return object;
}
