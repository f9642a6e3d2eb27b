import { createHash } from 'node:crypto';
import { gunzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { evidenceResource } from '../../api/generated/evidence.ts';
import type { DebugSession, Evidence } from '../../api/kinds.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import type { KubeClient } from '../../kube/client.ts';
import { AlreadyExists, NotFound } from '../../kube/errors.ts';
import { ownerReference } from '../../kube/owner-references.ts';
import type { Draft } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import type { ResourceClient } from '../../kube/resource-client.ts';
import { childName } from '../child-name.ts';
import type { EvidenceStore } from '../dependencies.ts';
import { Recent } from './recent.ts';

export const evidences: Resource<Evidence> = evidenceResource;

/** Base64 characters in one object: well under etcd's 1.5 MiB with its metadata. */
const chunkChars = 600_000;
const maxChunks = 16;
/** A session asks for its bundle and plan at nearly every step: those of a thousand small sessions, or of some with a large map. */
const recentChars = 8 * 2 ** 20;
const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** What a session froze is larger than a status may be, or its stored form does not fit its digest. */
export class EvidenceUnusable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EvidenceUnusable';
  }
}

/** Evidence objects owned by the session: gzip, base64, chunked, named by session and digest. The latest are kept in memory. */
export class KubeEvidenceStore implements EvidenceStore {
  readonly #api: ResourceClient<Evidence>;
  readonly #recent = new Recent(recentChars);

  constructor(client: KubeClient) {
    this.#api = client.resource(evidences);
  }

  async save(
    session: DebugSession,
    iteration: number,
    content: Evidence['spec']['content'],
    value: unknown,
    signal: AbortSignal,
  ): Promise<string> {
    const text = canonicalJson(value);
    const digest = sha256(text);
    const data = (await zip(text, { level: 6 })).toString('base64');
    const chunks = Math.max(1, Math.ceil(data.length / chunkChars));
    if (chunks > maxChunks)
      throw new EvidenceUnusable(`${content} is ${data.length} characters compressed, too large to keep`);
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const part = data.slice(chunk * chunkChars, (chunk + 1) * chunkChars);
      await this.#create(evidenceFor(session, { iteration, content, digest, chunk, chunks, data: part }), signal);
    }
    this.#recent.keep(digest, text);
    return digest;
  }

  async load(session: DebugSession, digest: string, signal: AbortSignal): Promise<unknown> {
    const known = this.#recent.get(digest);
    if (known !== undefined) return known;
    const first = await this.#get(session, digest, 0, signal);
    const parts = [first.spec.data];
    for (let chunk = 1; chunk < first.spec.chunks; chunk += 1) {
      parts.push((await this.#get(session, digest, chunk, signal)).spec.data);
    }
    return this.#recent.keep(digest, await unpacked(parts.join(''), digest));
  }

  async keep(
    session: DebugSession,
    iteration: number,
    key: string,
    value: unknown,
    signal: AbortSignal,
  ): Promise<unknown> {
    const text = canonicalJson(value);
    const data = (await zip(text, { level: 6 })).toString('base64');
    if (data.length > chunkChars)
      throw new EvidenceUnusable(`${data.length} characters compressed are too large to keep`);
    const content = { iteration, content: 'Consultation', digest: sha256(text), chunk: 0, chunks: 1, data } as const;
    const isOurs = await this.#create(evidenceFor(session, content, keptUnder(key)), signal);
    return isOurs ? undefined : this.recall(session, key, signal);
  }

  async recall(session: DebugSession, key: string, signal: AbortSignal): Promise<unknown> {
    try {
      const { spec } = await this.#get(session, keptUnder(key), 0, signal);
      return JSON.parse(await unpacked(spec.data, spec.digest)) as unknown;
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  async #get(session: DebugSession, id: string, chunk: number, signal: AbortSignal): Promise<Evidence> {
    const name = nameOf(session, id, chunk);
    const evidence = await this.#api.get({ namespace: session.metadata.namespace, name }, signal);
    if (evidence.spec.sessionUID !== session.metadata.uid) throw new EvidenceUnusable(`${name} is another session's`);
    return evidence;
  }

  /** The name holds the digest, or the key that a value is kept under: what is there already is the same, or came first. Whether it is ours. */
  async #create(evidence: Draft<Evidence>, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#api.create(evidence, signal);
      return true;
    } catch (error) {
      if (error instanceof AlreadyExists) return false;
      throw error;
    }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The canonical JSON that the chunks hold together. @throws EvidenceUnusable when its digest is another one, and what zlib throws */
export async function unpacked(data: string, digest: string): Promise<string> {
  const text = (await unzip(Buffer.from(data, 'base64'))).toString('utf8');
  if (sha256(text) !== digest) throw new EvidenceUnusable(`the evidence ${digest} is not what was stored`);
  return text;
}

/** Never the digest of a content. */
function keptUnder(key: string): string {
  return sha256(`kept under ${key}`);
}

/** @param id the content's digest, or that of the key that it is kept under */
function nameOf(session: DebugSession, id: string, chunk: number): string {
  return childName(session, `-${id.slice(0, 16)}-${chunk}`);
}

type Chunk = Omit<Evidence['spec'], 'sessionName' | 'sessionUID'>;

function evidenceFor(session: DebugSession, chunk: Chunk, id = chunk.digest): Draft<Evidence> {
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'Evidence',
    metadata: {
      name: nameOf(session, id, chunk.chunk),
      namespace: session.metadata.namespace,
      ownerReferences: [ownerReference(session)],
    },
    spec: { sessionName: session.metadata.name, sessionUID: session.metadata.uid, ...chunk },
  };
}
