import { createHash } from 'node:crypto';
import { gunzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { evidenceResource } from '../../api/generated/evidence.ts';
import type { DebugSession, Evidence } from '../../api/kinds.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import type { KubeClient } from '../../kube/client.ts';
import { AlreadyExists } from '../../kube/errors.ts';
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
    const text = (await unzip(Buffer.from(parts.join(''), 'base64'))).toString('utf8');
    if (sha256(text) !== digest) throw new EvidenceUnusable(`the evidence ${digest} is not what was stored`);
    return this.#recent.keep(digest, text);
  }

  async #get(session: DebugSession, digest: string, chunk: number, signal: AbortSignal): Promise<Evidence> {
    const name = nameOf(session, digest, chunk);
    const evidence = await this.#api.get({ namespace: session.metadata.namespace, name }, signal);
    if (evidence.spec.sessionUID !== session.metadata.uid) throw new EvidenceUnusable(`${name} is another session's`);
    return evidence;
  }

  /** The name holds the digest: what is there already is the same. */
  async #create(evidence: Draft<Evidence>, signal: AbortSignal): Promise<void> {
    try {
      await this.#api.create(evidence, signal);
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
    }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function nameOf(session: DebugSession, digest: string, chunk: number): string {
  return childName(session, `-${digest.slice(0, 16)}-${chunk}`);
}

type Chunk = Omit<Evidence['spec'], 'sessionName' | 'sessionUID'>;

function evidenceFor(session: DebugSession, chunk: Chunk): Draft<Evidence> {
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'Evidence',
    metadata: {
      name: nameOf(session, chunk.digest, chunk.chunk),
      namespace: session.metadata.namespace,
      ownerReferences: [ownerReference(session)],
    },
    spec: { sessionName: session.metadata.name, sessionUID: session.metadata.uid, ...chunk },
  };
}
