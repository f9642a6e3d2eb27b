import { withoutPending } from '../history.ts';
import { iterationOf, type Snapshot } from '../snapshot.ts';
import { advance, type Transition } from '../transition.ts';

/** Who waited before the act looks again, because the world may have changed: what was planned is of the past. */
export function lookAgain({ status }: Snapshot): Transition {
  const history = withoutPending(status.history, iterationOf({ status }));
  return advance('Sweeping', { history, plan: undefined, approvalRef: undefined, acting: undefined });
}
