/** One step of an RFC 6902 patch. */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

/** A patch always says what kind it is: client-node's defaults answer 400 or 415. */
export type Patch =
  | { readonly type: 'json'; readonly body: readonly JsonPatchOperation[] }
  | { readonly type: 'merge'; readonly body: object }
  /** Only for built-in kinds; custom resources answer 415. */
  | { readonly type: 'strategic'; readonly body: object }
  /** Server-side apply; see `server-side-apply.ts`. */
  | { readonly type: 'apply'; readonly body: object };

export const patchContentType: Readonly<Record<Patch['type'], string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** `/` and `~` inside a name, as a JSON pointer wants them. */
export function pointerSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
