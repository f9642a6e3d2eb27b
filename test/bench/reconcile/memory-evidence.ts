import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../controller/evidence/canonical.ts';
import type { EvidenceStore } from '../../../controller/session/dependencies.ts';

/** Evidence in memory: addressed by content as the product's is, without its objects on the API server. */
export class MemoryEvidence implements EvidenceStore {
  readonly #texts = new Map<string, string>();

  save(_session: unknown, _iteration: number, _content: unknown, value: unknown): Promise<string> {
    const text = canonicalJson(value);
    const digest = createHash('sha256').update(text).digest('hex');
    this.#texts.set(digest, text);
    return Promise.resolve(digest);
  }

  load(_session: unknown, digest: string): Promise<unknown> {
    const text = this.#texts.get(digest);
    if (text === undefined) return Promise.reject(new Error(`there is no evidence ${digest}`));
    return Promise.resolve(JSON.parse(text));
  }
}
