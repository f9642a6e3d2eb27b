import type { ServiceTopology } from '../api/kinds.ts';
import type { Document } from '../reasoning/recall/passages.ts';
import { redactHead } from '../redaction/redact.ts';
import type { Dependencies, Where } from './dependencies.ts';
import type { Snapshot } from './snapshot.ts';

/** A document that a map names. */
export interface Named {
  readonly topology: ServiceTopology;
  readonly entry: NonNullable<ServiceTopology['spec']['knowledge']>[number];
}

export interface ReadDocuments {
  readonly documents: readonly Document[];
  /** What was not read, or not whole, and why. */
  readonly gaps: readonly string[];
}

type Needed = Pick<Dependencies, 'documents' | 'source'>;

/** Redacted, and each within its bound. @throws only the signal's reason */
export async function readDocuments(
  { session }: Snapshot,
  deps: Needed,
  { topology, entry }: Named,
  signal: AbortSignal,
): Promise<ReadDocuments> {
  const { configMapRef, path = '' } = entry;
  const name = configMapRef === undefined ? path : `ConfigMap ${configMapRef.name}`;
  try {
    const read =
      configMapRef === undefined
        ? await fromRepository(deps, { session, topology }, path, signal)
        : await fromConfigMap(deps, topology, configMapRef.name, signal);
    return bounded(read ?? { gaps: [`${name}: there is none`], documents: [] });
  } catch (error) {
    signal.throwIfAborted();
    const reason = redactHead(error instanceof Error ? error.message : String(error), 300);
    return { documents: [], gaps: [`${name}: it could not be read: ${reason}`] };
  }
}

async function fromConfigMap(
  { documents }: Needed,
  { metadata }: ServiceTopology,
  name: string,
  signal: AbortSignal,
): Promise<ReadDocuments | undefined> {
  const data = await documents.configMap(metadata.namespace, name, signal);
  if (data === undefined) return undefined;
  const keys = Object.keys(data).toSorted();
  return { documents: keys.map((key) => ({ source: `ConfigMap ${name}/${key}`, text: data[key] ?? '' })), gaps: [] };
}

async function fromRepository(
  { source }: Needed,
  { session, topology }: Omit<Where, 'repository'>,
  path: string,
  signal: AbortSignal,
): Promise<ReadDocuments | undefined> {
  const { repository, baseBranch = 'main' } = topology.spec.source ?? {};
  if (repository === undefined) return { documents: [], gaps: [`${path}: the map names no repository`] };
  const where = { session, topology, repository };
  const sha = await source.head(where, baseBranch, signal);
  if (sha === undefined) return { documents: [], gaps: [`${path}: ${repository} has no branch ${baseBranch}`] };
  const text = await source.readFile(where, sha, path, signal);
  return text === undefined
    ? undefined
    : { documents: [{ source: `${repository}@${sha.slice(0, 12)} ${path}`, text }], gaps: [] };
}

/** Characters of a document. */
const longest = 200 * 1024;

function bounded({ documents, gaps }: ReadDocuments): ReadDocuments {
  const cut = documents.filter(({ text }) => text.length > longest);
  return {
    documents: documents.map(({ source, text }) => ({
      source,
      text: redactHead(text, longest),
    })),
    gaps: [...gaps, ...cut.map(({ source }) => `${source}: only its first ${longest / 1024} KiB were read`)],
  };
}
