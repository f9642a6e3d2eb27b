import { deepFreeze } from '../../kube/freeze.ts';

interface Kept {
  readonly value: unknown;
  readonly size: number;
}

/**
 * Values by their digest, the latest used kept within a budget of `most` characters of their JSON. Frozen, because whoever asks gets the
 * same one.
 */
export class Recent {
  readonly #most: number;
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(digest: string): unknown {
    const kept = this.#kept.get(digest);
    if (kept === undefined) return undefined;
    this.#kept.delete(digest);
    this.#kept.set(digest, kept);
    return kept.value;
  }

  /** Reads the value from its JSON, keeps it and answers it. */
  keep(digest: string, text: string): unknown {
    this.#drop(digest);
    const value: unknown = deepFreeze(JSON.parse(text));
    this.#kept.set(digest, { value, size: text.length });
    this.#size += text.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= this.#most || oldest === digest) break;
      this.#drop(oldest);
    }
    return value;
  }

  #drop(digest: string): void {
    this.#size -= this.#kept.get(digest)?.size ?? 0;
    this.#kept.delete(digest);
  }
}
