import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { Finding } from '../../evidence/finding.ts';
import type { Prediction } from '../../../skills/skill.ts';
import type { Precedent } from '../reasoner.ts';

/** A session that has ended, as far as others can learn from it. Times are RFC 3339 in UTC. */
export interface Past extends Omit<Precedent, 'likeness'> {
  readonly uid: string;
  readonly startedAt: string;
  /** Those of the fixes that worked which were done about the root cause itself, and not about what came to light on the way. */
  readonly cures: readonly string[];
  /** Kinds of the findings that its diagnosis rests on. */
  readonly kinds: readonly string[];
  /** Nodes on the way from its cause to its symptom. */
  readonly nodes: readonly string[];
  /** What was said of its findings. */
  readonly told: readonly string[];
  /** What was to be gone when its cause was healed. */
  readonly predictions: readonly Prediction[];
}

/**
 * Is what its cause showed there again? A sweep looks back: what it dates before the session's end may be what was mended then, and tells
 * nothing.
 */
export function isBackIn({ predictions, endedAt }: Past, bundle: EvidenceBundle): boolean {
  const ended = Date.parse(endedAt);
  if (Date.parse(bundle.capturedAt) <= ended) return false;
  const isNew = ({ since = bundle.capturedAt }: Finding): boolean =>
    Math.max(Date.parse(since), Date.parse(bundle.window.from)) >= ended;
  // What is foretold the soonest is what the cause itself shows; what comes later may have had another cause since.
  const soonest = Math.min(...predictions.map(({ withinSeconds }) => withinSeconds));
  const own = predictions.filter(({ withinSeconds }) => withinSeconds === soonest);
  return own.some(({ node, findingGone }) =>
    bundle.nodes.some(
      (seen) => seen.node === node && seen.findings.some((one) => one.kind === findingGone && isNew(one)),
    ),
  );
}

/** Did a later one find the same cause again, within so many seconds after this one had ended? */
export function cameAgain(past: Past, others: Iterable<Past>, withinSeconds: number): boolean {
  const ended = Date.parse(past.endedAt);
  for (const { rootCause, startedAt } of others) {
    const after = (Date.parse(startedAt) - ended) / 1000;
    const same = rootCause.node === past.rootCause.node && rootCause.kind === past.rootCause.kind;
    if (same && after > 0 && after <= withinSeconds) return true;
  }
  return false;
}

/** What was done about a cause that is back has failed. */
export function undone(past: Past): Pick<Past, 'worked' | 'failed'> {
  return {
    worked: past.worked.filter((signature) => !past.cures.includes(signature)),
    failed: [...new Set([...past.failed, ...past.cures])],
  };
}
