import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../controller/evidence/canonical.ts';
import type { EvidenceStore } from '../../../controller/session/dependencies.ts';
import { Recent } from '../../../controller/session/stores/recent.ts';

/** Evidence in memory: addressed by content and kept as the product keeps the latest, without its objects on the API server. */
export class MemoryEvidence implements EvidenceStore {
  readonly #kept = new Recent(Number.POSITIVE_INFINITY);

  save(_session: unknown, _iteration: number, _content: unknown, value: unknown): Promise<string> {
    const text = canonicalJson(value);
    const digest = createHash('sha256').update(text).digest('hex');
    this.#kept.keep(digest, text);
    return Promise.resolve(digest);
  }

  load(_session: unknown, digest: string): Promise<unknown> {
    const value = this.#kept.get(digest);
    if (value === undefined) return Promise.reject(new Error(`there is no evidence ${digest}`));
    return Promise.resolve(value);
  }

  /** No scripted session asks a model. */
  keep(): Promise<never> {
    return Promise.reject(new Error('nothing is kept here'));
  }

  recall(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
