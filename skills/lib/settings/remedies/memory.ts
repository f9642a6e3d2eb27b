import type { Finding } from '../../../../controller/evidence/finding.ts';
import type { NumericSetting } from '../../github/numeric-finding.ts';
import { isPerWork, wordsOf as wordsOfKey } from '../meaning.ts';
import type { Remedy } from '../../../skill.ts';
import { harmOf, setNumberFix, settingsKinds, settingsOf, wordsOf } from './reading.ts';

/** A number below this cannot be the reason that memory runs out, nor be divided and still mean something. */
const leastWorthReducing = 20;
const divisor = 10;
const mostProposed = 3;
/** A number that has stood there for long is suspected after what changed and after the limit itself, which is cheaper to raise. */
const likely = 0.24;
const unlikely = 0.18;

/** `OOM command not allowed` is what Redis says of its own memory. */
const outOfMemory =
  /out ?of ?memory|\bOOM(?! command)|oomkill|heap limit|memory (limit|exhausted)|ENOMEM|MemoryError|exit ?code["': ]*137/i;

/**
 * Memory runs out: what the service holds at once is made ten times smaller, the settings that size one piece of work first (a batch
 * is held whole), the largest first.
 */
export const reduceMemoryDriver: Remedy = {
  id: 'code-editor.reduce-memory-driver',
  forKinds: ['aws-ecs.OutOfMemory', ...settingsKinds],
  cause: 'code-editor.TooMuchHeldInMemory',
  propose({ findings }) {
    if (!harmOf(findings).some(isOutOfMemory)) return [];
    const drivers = settingsOf(findings).filter(isDriver).toSorted(byWeight);
    return drivers.slice(0, mostProposed).map((setting, rank) => {
      const to = Math.max(1, Math.round(setting.value / divisor));
      const base = isPerWork(setting.key) ? likely : unlikely;
      return setNumberFix(setting, to, 'memory runs out, and this many are held at once', base - 0.04 * rank);
    });
  },
};

export function isOutOfMemory(finding: Finding): boolean {
  return outOfMemory.test(wordsOf(finding));
}

/** The size of a single item is its shape, not how many there are. */
function isDriver({ key, value, affects }: NumericSetting): boolean {
  return affects === 'Memory' && value >= leastWorthReducing && !wordsOfKey(key).includes('per');
}

function byWeight(one: NumericSetting, other: NumericSetting): number {
  const first = Number(isPerWork(other.key)) - Number(isPerWork(one.key));
  return first || other.value - one.value || (one.key < other.key ? -1 : 1);
}
