import type { DebugSession } from '../api/kinds.ts';
import { PastIndex } from '../reasoning/recall/past-index.ts';
import { pastOf } from './past.ts';

/** So many sessions of a namespace are remembered, the latest. */
const most = 2000;

interface Remembered {
  readonly index: PastIndex;
  /** By UID, the version that was read. */
  readonly versions: Map<string, string>;
}

/** What is known of the sessions that have ended, by namespace. Each is read again only when it has changed; nothing outlives the process. */
export class Recollections {
  readonly #byNamespace = new Map<string, Remembered>();

  /** @param ended those of the namespace, as they are now */
  of(namespace: string, ended: readonly DebugSession[]): PastIndex {
    if (ended.length === 0) this.#byNamespace.delete(namespace);
    const remembered = this.#byNamespace.get(namespace) ?? { index: new PastIndex(), versions: new Map() };
    this.#byNamespace.set(namespace, remembered);
    bringUpToDate(remembered, latest(ended));
    return remembered.index;
  }
}

function latest(ended: readonly DebugSession[]): readonly DebugSession[] {
  if (ended.length <= most) return ended;
  const endOf = ({ status }: DebugSession): number => Date.parse(status?.completedAt ?? '') || 0;
  return ended.toSorted((a, b) => endOf(b) - endOf(a)).slice(0, most);
}

function bringUpToDate({ index, versions }: Remembered, ended: readonly DebugSession[]): void {
  const gone = new Set(versions.keys());
  for (const session of ended) {
    const { uid, resourceVersion } = session.metadata;
    gone.delete(uid);
    if (versions.get(uid) === resourceVersion) continue;
    versions.set(uid, resourceVersion);
    const past = pastOf(session);
    if (past === undefined) index.remove(uid);
    else index.put(past);
  }
  for (const uid of gone) {
    versions.delete(uid);
    index.remove(uid);
  }
}
