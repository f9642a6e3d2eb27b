import type { Point } from '../../../skills/lib/statistics.ts';
import { nodesIn } from './as-bundle.ts';
import type { Method, Sight } from './rank.ts';

/** Beyond so many standard deviations a node counts as anomalous. */
const sigmas = 3;

/** The nodes by how far the symptom's metric is from normal operation at its worst, as far as that is anomalous. */
export const nSigma: Method = (sight) =>
  nodesIn(sight.calls)
    .map((node) => ({ node, share: worstZ(node, sight) }))
    .filter(({ share }) => share > sigmas)
    .toSorted((a, b) => b.share - a.share);

/** The anomalous nodes that are reached from the target through anomalous ones only, the deepest first. */
export const traversal: Method = (sight) => {
  const isAnomalous = (node: string): boolean => worstZ(node, sight) > sigmas;
  const depth = new Map([[sight.target.node, 0]]);
  // A map is walked in the order of insertion, what is added on the way included: breadth first.
  for (const [node, hops] of depth) {
    for (const callee of sight.calls.get(node) ?? []) {
      if (!depth.has(callee) && isAnomalous(callee)) depth.set(callee, hops + 1);
    }
  }
  const nodes = new Set(nodesIn(sight.calls));
  return [...depth]
    .filter(([node]) => nodes.has(node) && isAnomalous(node))
    .map(([node, share]) => ({ node, share }))
    .toSorted((a, b) => b.share - a.share);
};

/** Any of the nodes, each as likely: as a tie its hits are those of a random order. */
export const chance: Method = ({ calls }) => nodesIn(calls).map((node) => ({ node, share: 1 }));

/** By mean and standard deviation, in the direction that harms: availability falls, all else rises. */
function worstZ(node: string, { normal, window, target }: Sight): number {
  const usual = valuesOf(normal.get(node)?.get(target.metric));
  const sign = target.metric === 'availability' ? -1 : 1;
  const mean = usual.reduce((sum, value) => sum + value, 0) / usual.length;
  const deviation = Math.sqrt(usual.reduce((sum, value) => sum + (value - mean) ** 2, 0) / usual.length);
  const furthest = Math.max(...valuesOf(window.get(node)?.get(target.metric)).map((value) => sign * (value - mean)));
  return furthest > 0 ? furthest / deviation : 0;
}

function valuesOf(points: readonly Point[] = []): readonly number[] {
  return points.map(([, value]) => value);
}
