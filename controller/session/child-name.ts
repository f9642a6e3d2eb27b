import type { DebugSession } from '../api/kinds.ts';

/** Characters of an object's name. */
const maxName = 253;

/** The name of something that belongs to a session: the session's, as much of it as fits, its UID's beginning, and what it is. */
export function childName({ metadata }: DebugSession, suffix: string, limit = maxName): string {
  const tail = `${metadata.uid.slice(0, 8)}${suffix}`;
  return `${trimmed(metadata.name, limit - tail.length - 1)}-${tail}`;
}

/** A beginning that may stand before a dash, or alone as the value of a label. */
export function trimmed(name: string, limit: number): string {
  return name.slice(0, limit).replace(/[^A-Za-z0-9]+$/, '');
}
