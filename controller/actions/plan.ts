import { createHash } from 'node:crypto';
import type { JsonObject } from '../api/json.ts';
import { digestOf } from '../evidence/canonical.ts';
import type { FileEdit, RenderedAction } from '../../skills/skill.ts';

/** A commit on the session's branch. */
export interface Commit {
  /** `threehops/...`; the push refuses any other. */
  readonly branch: string;
  /** The commit to build on. */
  readonly parent: string;
  readonly edits: readonly FileEdit[];
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
  /** Author and committer date. */
  readonly date: string;
}

/** The frozen act of an iteration: what is approved, locked, carried out and reported. */
export interface Plan {
  readonly action: string;
  readonly class: 'Infra' | 'Code';
  readonly node: string;
  /** The map that owns the act: its policy, credentials and repository. */
  readonly topology: string;
  readonly parameters: JsonObject;
  readonly signature: string;
  readonly target: RenderedAction['target'];
  readonly frozen: JsonObject;
  readonly edits: readonly FileEdit[];
  /** For Code: the commit that will be pushed, complete, so that making it again gives the same SHA. */
  readonly commit?: Commit;
  readonly diff: string;
  /** Services and callers that could suffer, by the map; plans of older versions have none. */
  readonly affected?: readonly string[];
  readonly iteration: number;
  readonly bundleDigest: string;
  /** Commits are dated by this moment, so that making one again gives the same SHA. */
  readonly frozenAt: string;
}

const known = new WeakMap<Plan, string>();

/** SHA-256 over the whole plan: action, target version, edits, bundle, iteration. What a person approves is this. */
export function actionDigest(plan: Plan): string {
  const digest = known.get(plan) ?? digestOf(plan);
  // Each step of an act asks again. Only what can never change may be remembered: evidence that was loaded is frozen.
  if (Object.isFrozen(plan)) known.set(plan, digest);
  return digest;
}

/**
 * Names one outside write of a session for good: the same after a crash, another one in a restored copy (new UID).
 * 32 hexadecimal digits, short enough for tags.
 */
export function actionId(sessionUid: string, digest: string, ordinal: string): string {
  return createHash('sha256').update(`${sessionUid} ${digest} ${ordinal}`).digest('hex').slice(0, 32);
}
