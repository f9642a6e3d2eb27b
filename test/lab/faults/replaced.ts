/** A developer's edit of a source; a source that has changed since the fault was written fails it here, and not in silence. */
export function replaced(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`the source of the service has no ${pattern.source} any more`);
  return text.replace(pattern, by);
}
