import type { Remedy } from '../../skill.ts';
import { kinds } from './reading.ts';

const causes: readonly (readonly [id: string, cause: string, reasons: readonly string[]])[] = [
  ['room-in-quota', 'QuotaUsedUp', ['QuotaExceeded']],
  ['room-on-nodes', 'NoRoomOnNodes', ['Unschedulable']],
  ['admission', 'RefusedByAdmission', ['PodsRefused']],
  ['selector', 'SelectorWrong', ['SelectorMismatch']],
];

/** Known causes that nothing here may mend: what a quota, a node or a policy allows is for its owner to say. */
export const forItsOwner: readonly Remedy[] = causes.map(([id, cause, reasons]) => ({
  id: `kubernetes.${id}`,
  forKinds: kinds(...reasons),
  cause: `kubernetes.${cause}`,
  propose: () => [],
}));
