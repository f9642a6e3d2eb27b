/** What models have used for a session, in tokens in and out together. */
export interface Spent {
  readonly tokens: number;
  readonly requests: number;
}

const nothing: Spent = { tokens: 0, requests: 0 };

/**
 * What was used and is in no status yet, by session UID. A diagnosis that is gone through again, by this process or the next one, counts from
 * its beginning: what it was answered is recalled, and was in no status.
 */
export class Spending {
  readonly #unwritten = new Map<string, Spent>();

  begin(uid: string): void {
    this.#unwritten.delete(uid);
  }

  add(uid: string, tokens: number): void {
    const before = this.of(uid);
    this.#unwritten.set(uid, { tokens: before.tokens + tokens, requests: before.requests + 1 });
  }

  of(uid: string): Spent {
    return this.#unwritten.get(uid) ?? nothing;
  }

  /** So much of it is in the status now. */
  written(uid: string, { tokens, requests }: Spent): void {
    const left = this.of(uid);
    if (left.requests <= requests) this.#unwritten.delete(uid);
    else this.#unwritten.set(uid, { tokens: left.tokens - tokens, requests: left.requests - requests });
  }
}
