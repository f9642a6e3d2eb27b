import type { ServiceTopology } from '../api/kinds.ts';
import type { Change } from '../evidence/finding.ts';
import type { EvidenceBundle, NodeEvidence } from '../evidence/bundle.ts';
import { keyOf } from '../topology/resolved.ts';
import { readRelevant, type Clues, type ReadFile } from '../../skills/code-reader/read-relevant.ts';
import { isDefined, listOf, objectOf, textOf } from '../../skills/lib/reading.ts';
import { redact } from '../redaction/redact.ts';
import type { Dependencies, Where } from './dependencies.ts';
import { concernedMaps, type Knowledge } from './knowledge.ts';
import type { Snapshot } from './snapshot.ts';
import { reasonOf } from './sweep/probe-node.ts';
import { readMeant, type WorkingTree, workingTree } from './working-tree.ts';

/** Of one repository: a model may read the rest for itself. */
const budget = { characters: 8000, reads: 12 };
/** As many repositories as are likely to hold one cause. */
const mostMaps = 4;

/**
 * The source that the logs' traces and the newest commit point at, as the session means it. What cannot be read is a gap. For engines that
 * ask a model. @throws only the signal's reason
 */
export async function excerptsFor(
  snapshot: Snapshot,
  deps: Dependencies,
  bundle: EvidenceBundle,
  signal: AbortSignal,
): Promise<Knowledge> {
  const maps = concernedMaps(snapshot, deps, bundle).slice(0, mostMaps);
  const read = await Promise.all(maps.map((topology) => fromMap(snapshot, deps, { topology, bundle }, signal)));
  return { passages: read.flatMap(({ passages }) => passages), gaps: read.flatMap(({ gaps }) => gaps) };
}

const nothing: Knowledge = { passages: [], gaps: [] };

async function fromMap(
  snapshot: Snapshot,
  deps: Dependencies,
  { topology, bundle }: { readonly topology: ServiceTopology; readonly bundle: EvidenceBundle },
  signal: AbortSignal,
): Promise<Knowledge> {
  const { repository } = topology.spec.source ?? {};
  const clues = cluesOf(bundle, topology);
  if (repository === undefined || (clues.trace === '' && clues.changed.length === 0)) return nothing;
  const where: Where = { session: snapshot.session, topology, repository };
  try {
    const tree = await workingTree(snapshot, deps, where, signal);
    const read = readerOf(tree, deps, where, signal);
    const { excerpts, leftOut } = await readRelevant(read, clues, budget);
    const at = `${repository}@${tree.base.slice(0, 12)}`;
    return {
      passages: excerpts.map(({ path, line, text, why }) => ({
        source: `${at} ${path}:${line}, ${why}`,
        text,
      })),
      gaps: leftOut.length === 0 ? [] : [`${at}: source that was not shown: ${leftOut.join(', ')}`.slice(0, 500)],
    };
  } catch (error) {
    signal.throwIfAborted();
    return { passages: [], gaps: [`${repository}: its source could not be read: ${redact(reasonOf(error))}`] };
  }
}

/** Redacted before anything is cut: of half a private key nobody can tell what it is. A file that cannot be read is as good as none. */
function readerOf(tree: WorkingTree, deps: Dependencies, where: Where, signal: AbortSignal): ReadFile {
  return async (path) => {
    try {
      const text = await readMeant(tree, deps, where, path, signal);
      return text === undefined ? undefined : redact(text);
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  };
}

/** What the logs of the map's nodes complain of, and the files of its repository's newest commit. */
function cluesOf({ graph, nodes }: EvidenceBundle, topology: ServiceTopology): Clues {
  const own = new Set(graph.nodes.filter((node) => node.topology === keyOf(topology)).map(({ id }) => id));
  const seen = nodes.filter(({ node }) => own.has(node));
  return { trace: complaintsIn(seen), changed: changedIn(seen, topology.spec.source?.repository) };
}

function complaintsIn(nodes: readonly NodeEvidence[]): string {
  const complaints = nodes.flatMap(({ logTemplates }) => logTemplates).filter(({ level }) => level !== 'Info');
  return complaints
    .toSorted((a, b) => b.count - a.count)
    .map(({ sample }) => sample)
    .join('\n');
}

function changedIn(nodes: readonly NodeEvidence[], repository: string | undefined): Clues['changed'] {
  const commits = nodes
    .flatMap(({ changes }) => changes)
    .filter(({ kind, facts }) => kind === 'Commit' && facts?.['repository'] === repository);
  const newest = commits.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
  return newest === undefined ? [] : filesOf(newest);
}

function filesOf({ facts = {} }: Change): Clues['changed'] {
  const why = `changed by ${(textOf(facts['sha']) ?? '').slice(0, 7)}`;
  const files = listOf(facts['files']).map(objectOf);
  const there = files.filter(({ status }) => status !== 'removed');
  return there
    .map(({ path }) => textOf(path))
    .filter(isDefined)
    .map((path) => ({ path, why }));
}
