import type { ServiceTopology } from '../api/kinds.ts';
import type { EvidenceBundle } from '../evidence/bundle.ts';
import type { Passage } from '../reasoning/reasoner.ts';
import { closestPassages } from '../reasoning/recall/closest.ts';
import type { Document } from '../reasoning/recall/passages.ts';
import { shownIn } from '../reasoning/recall/shown.ts';
import { keyOf } from '../topology/resolved.ts';
import type { Dependencies } from './dependencies.ts';
import { type Named, readDocuments } from './read-documents.ts';
import { graphOf, type Snapshot } from './snapshot.ts';

export interface Knowledge {
  readonly passages: readonly Passage[];
  /** What could not be read, and why. */
  readonly gaps: readonly string[];
}

/** So many are read for one diagnosis; each map may name 20. */
const mostNamed = 40;
/** Characters of all together: so many are looked through in a quarter of a second. */
const mostText = 512 * 1024;

/**
 * What the documents that maps name have on what was found. A document that cannot be read is a gap. For engines that ask a model: no
 * other reads prose. @throws only the signal's reason
 */
export async function passagesFor(
  snapshot: Snapshot,
  deps: Dependencies,
  bundle: EvidenceBundle,
  signal: AbortSignal,
): Promise<Knowledge> {
  const named = namedFor(snapshot, deps, bundle);
  const read = await Promise.all(named.slice(0, mostNamed).map((one) => readDocuments(snapshot, deps, one, signal)));
  const { documents, left } = within(read.flatMap((one) => one.documents));
  const unread = left + Math.max(0, named.length - mostNamed);
  return {
    passages: closestPassages(documents, bundle),
    gaps: [
      ...read.flatMap(({ gaps }) => gaps),
      ...(unread > 0 ? [`${unread} more documents of the maps were not read`] : []),
    ],
  };
}

/** The first of them that are of bearable size together. */
function within(all: readonly Document[]): { readonly documents: readonly Document[]; readonly left: number } {
  let size = 0;
  const documents = all.filter(({ text }) => (size += text.length) <= mostText);
  return { documents, left: all.length - documents.length };
}

function namedFor(snapshot: Snapshot, deps: Dependencies, bundle: EvidenceBundle): readonly Named[] {
  return concernedMaps(snapshot, deps, bundle).flatMap((topology) =>
    (topology.spec.knowledge ?? []).map((entry) => ({ topology, entry })),
  );
}

/** The session's own map, and those of its namespace that own something ill: the cause may be another team's. */
export function concernedMaps(
  snapshot: Snapshot,
  deps: Dependencies,
  bundle: EvidenceBundle,
): readonly ServiceTopology[] {
  const { topologies } = graphOf(snapshot, deps);
  const ill = new Set(shownIn(bundle).map(({ node }) => node));
  const owners = bundle.graph.nodes.filter(({ id }) => ill.has(id)).map(({ topology }) => topology);
  const maps = [...new Set([keyOf(snapshot.topology), ...owners])].flatMap((key) => topologies.get(key) ?? []);
  return maps.filter(({ metadata }) => metadata.namespace === snapshot.session.metadata.namespace);
}
