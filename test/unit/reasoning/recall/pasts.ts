import type { Past } from '../../../../controller/reasoning/recall/past.ts';
import { ago } from '../../../helpers/bundle-builder.ts';

export const resize = 'compute.resize identity of shop/run forwards';
export const revert = 'source.revert identity of shop/git "c0ffee"';

/** The shop ran out of memory a day ago, and more of it helped. */
export function past(uid: string, more: Partial<Past> = {}): Past {
  return {
    uid,
    session: `default/${uid}`,
    startedAt: ago(87_000),
    endedAt: ago(86_400),
    symptom: 'the front answers 502',
    rootCause: { node: 'shop/run', kind: 'compute.MemoryTooLow' },
    kinds: ['compute.OutOfMemory', 'http.Failing'],
    nodes: ['shop/run', 'shop', 'front'],
    told: ['tasks were killed'],
    predictions: [
      { node: 'shop/run', findingGone: 'compute.OutOfMemory', withinSeconds: 30 },
      { node: 'front/http', findingGone: 'http.Failing', withinSeconds: 40 },
    ],
    worked: [resize],
    failed: [],
    cures: [resize],
    ...more,
  };
}
