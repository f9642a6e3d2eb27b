import type { Finding } from '../../../controller/evidence/finding.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../../skill.ts';
import { limitsOf } from '../parameters.ts';
import { findingsOf, fitness, kinds, newestChange } from './reading.ts';

/** The limit is too low for a healthy program: give it more, and never less than it had when it last did well. */
export const raiseMemory: Remedy = {
  id: 'kubernetes.raise-memory',
  forKinds: kinds('OutOfMemory'),
  cause: 'kubernetes.MemoryTooLow',
  propose: (context) => findingsOf(context, 'OutOfMemory').flatMap((finding) => proposal(context, finding)),
};

function proposal(context: RemedyContext, { facts }: Finding): readonly ProposedFix[] {
  const [memory, container] = [numberOf(facts?.['memory']), textOf(facts?.['container'])];
  if (memory === undefined || container === undefined) return [];
  const { before, newImage } = revisionBefore(context, container);
  const lowered = before > memory;
  const wanted = Math.min(limitsOf(context.node.with).maxMemory, lowered ? before : memory * 2);
  if (wanted <= memory) return [];
  const why = lowered ? `it had ${before} MiB before` : 'it needs more than it is given';
  return [
    {
      action: 'kubernetes.update-container',
      parameters: { container, memory: wanted },
      rationale: `${container} is killed at its limit of ${memory} MiB, and ${why}: give it ${wanted} MiB`,
      // What a new image wastes, more memory only feeds.
      fitness: fitness(lowered ? 0.9 : newImage ? 0.45 : 0.6),
    },
  ];
}

/** What the newest change replaced: the limit that there was (0 where it was another matter), and whether the image is a new one. */
function revisionBefore(context: RemedyContext, container: string): { before: number; newImage: boolean } {
  const change = newestChange(context)?.differences.find((one) => one.container === container);
  return { before: change?.memory?.from ?? 0, newImage: change?.image !== undefined };
}
