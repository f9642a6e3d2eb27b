import type { CheckContext } from '../skill.ts';
import { figuresFrom, milliseconds, percent, rate, type LoadFigures } from './figures.ts';
import type { LoadBlock } from './load-block.ts';

/** Percentiles of short loads vary: a p95 that is not so many times as long or as short is told as the same. */
const tellingFactor = 2;

/** The load before the first act beside the load now, in words; empty where none was meant to be measured. */
export function againstBefore(block: LoadBlock, now: LoadFigures, before: CheckContext['before']): readonly string[] {
  if (before === undefined) return [];
  const then = figuresFrom(before.figures);
  if (then === undefined) return [`before: not measured (${before.summary.slice(0, 80)})`];
  const seen = `${rate(then)}, p95 ${milliseconds(then.p95Microseconds)} ms, errors ${percent(then.errorsPerMillion)}`;
  return [`before: ${seen} (now ${standing(block, now, then)})`];
}

/**
 * The share of errors tells, where the difference is more than chance makes of so few requests. Where it tells nothing and few fail, the
 * latency of the answers does; where many fail it says how fast they fail.
 */
function standing(block: LoadBlock, now: LoadFigures, then: LoadFigures): 'better' | 'the same' | 'worse' {
  const difference = now.errorsPerMillion - then.errorsPerMillion;
  if (Math.abs(difference) > noise(now, then)) return difference < 0 ? 'better' : 'worse';
  if (now.errorsPerMillion > block.maxErrorsPerMillion) return 'the same';
  if (now.p95Microseconds * tellingFactor <= then.p95Microseconds) return 'better';
  return now.p95Microseconds >= then.p95Microseconds * tellingFactor ? 'worse' : 'the same';
}

/** Two standard errors of the difference of two shares, pooled, in errors per million. Source: the two-proportion z-test. */
function noise(now: LoadFigures, then: LoadFigures): number {
  const errors = [now, then].reduce((sum, { requests, errorsPerMillion }) => sum + requests * errorsPerMillion, 0);
  const share = errors / (now.requests + then.requests) / 1_000_000;
  return 2_000_000 * Math.sqrt(share * (1 - share) * (1 / now.requests + 1 / then.requests));
}
