import type { JsonObject, JsonSchema } from '../api/json.ts';

/** What an engine that asks a model works with, in one session. */
export interface Desk {
  readonly ledger: Ledger;
  /** Looks that it may ask for; all of them only read. */
  readonly reads: readonly ReadTool[];
  readonly budget: Budget;
  /** What keeps an edit of the source from being made as it is; empty where it applies. Only for actions of class Code. */
  faultsOf(action: string, node: string, parameters: JsonObject, signal: AbortSignal): Promise<readonly string[]>;
}

/**
 * What was asked and answered, kept outside the process before anything is made of it: after a crash the same request is answered
 * from here.
 */
export interface Ledger {
  /** Undefined where nothing was kept under the key. */
  recall(key: string, signal: AbortSignal): Promise<unknown>;
  /** Keeps a value for good. Answers the one that was there before, which stays; undefined where this one is kept. */
  keep(key: string, value: unknown, signal: AbortSignal): Promise<unknown>;
}

/** A read-only tool of the session's systems, as a model sees it. */
export interface ReadTool {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  readonly description: string;
  readonly input: JsonSchema;
  /** Redacted text of at most a few thousand characters; what went wrong is told in it too. */
  call(input: JsonObject, signal: AbortSignal): Promise<string>;
}

/** Tokens of the session, in and out together. */
export interface Budget {
  left(): number;
  spend(tokens: TokenUse): void;
}

export interface TokenUse {
  /** All of the input, what was read from the cache included. */
  readonly input: number;
  readonly output: number;
}
