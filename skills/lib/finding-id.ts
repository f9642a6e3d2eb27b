/** An id that is the same in every look at the same thing: what replays and comparisons of two sweeps rest on. */
export function findingId(node: string, kind: string, subject: string): string {
  return `${node}:${kind}:${subject}`;
}

/** The kind of finding that an id is of. */
export function kindIn(id: string): string {
  return id.split(':')[1] ?? '';
}
