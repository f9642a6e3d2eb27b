import { createHash } from 'node:crypto';

/** A version of some files taken together: changes when one of them does. Null stands for a file that is not there. */
export function contentVersion(files: readonly (readonly [path: string, content: string | null])[]): string {
  const sorted = files.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `sha256:${createHash('sha256').update(JSON.stringify(sorted)).digest('hex')}`;
}
